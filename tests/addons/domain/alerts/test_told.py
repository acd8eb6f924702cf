"""Alerts that others found out."""

import pytest

from addons.domain.alerts.told import event_alerts, lost_alert
from addons.domain.continue_log import LogEvent, LogKind, as_event
from addons.domain.events import Event, Level

WORDS = "the person's own words"


def test_a_request_that_the_ide_did_not_send_is_told_without_the_lines_words() -> None:
    line = LogEvent(log="core.log", kind=LogKind.CONTEXT, at_ms=7, message=WORDS, model="codestral")
    (alert,) = event_alerts(as_event(line))
    assert (alert.key, alert.level, alert.at_ms) == ("ide_log:codestral", Level.CRITICAL, 7)
    assert alert.message.startswith("Continue did not send a request for codestral: it does not fit")
    assert WORDS not in repr(alert)


def test_that_no_model_takes_a_request_is_told_in_routings_words() -> None:
    data = {"provider": "mistral", "model": "m", "tokens": 9}
    event = Event(at_ms=7, kind="alert", level=Level.CRITICAL, session_id="s-1", message="No other fits", data=data)
    (alert,) = event_alerts(event)
    assert (alert.key, alert.message, alert.provider) == ("alert:s-1", "No other fits", "mistral")


def test_other_critical_events_are_told_by_their_kind_alone() -> None:
    (alert,) = event_alerts(Event(at_ms=7, kind="strange", level=Level.CRITICAL, message=WORDS, data={"text": WORDS}))
    assert "strange" in alert.message
    assert WORDS not in repr(alert)


@pytest.mark.parametrize("kind", ["alert", "ide_log", "failure", "epoch"])
@pytest.mark.parametrize("level", [Level.INFO, Level.WARNING])
def test_events_that_are_not_critical_are_not_told(kind: str, level: Level) -> None:
    assert list(event_alerts(Event(at_ms=7, kind=kind, level=level))) == []


def test_troubles_of_the_store_are_told_in_its_own_words_each_by_a_key_of_its_own() -> None:
    messages = [
        "The store could not be written for 7 s (OperationalError: database is locked); 3 records were lost",
        "The store could not be written for 9 s (OSError: disk full); what was recorded meanwhile has been kept",
        "The database /home/p/sessions.db was deleted or moved while the proxy ran; a new one was begun",
    ]
    told = [
        alert
        for message in messages
        for alert in event_alerts(Event(at_ms=7, kind="store", level=Level.WARNING, message=message))
    ]
    assert [alert.message for alert in told] == messages
    assert [alert.level for alert in told] == [Level.WARNING] * 3
    assert told[0].key == told[1].key == "store:The store could not be written"
    assert told[2].key != told[0].key


def test_a_settings_file_that_cannot_be_used_is_told_without_what_stands_in_it() -> None:
    (alert,) = event_alerts(Event(at_ms=7, kind="settings", level=Level.WARNING, message=WORDS))
    assert alert.key == "settings:file"
    assert WORDS not in repr(alert)


@pytest.mark.parametrize("kind", ["store", "settings"])
def test_that_all_is_well_again_is_not_told(kind: str) -> None:
    assert list(event_alerts(Event(at_ms=7, kind=kind))) == []


def test_a_limit_that_is_near_is_told() -> None:
    (alert,) = event_alerts(Event(at_ms=7, kind="rate_limit", level=Level.WARNING, data={"provider": "groq"}))
    assert alert.rule == "near"


def test_lost_records_are_critical() -> None:
    alert = lost_alert(1_200, 7)
    assert (alert.key, alert.level) == ("dropped:records", Level.CRITICAL)
    assert alert.message.startswith("1,200 records were lost")
