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


def test_a_limit_that_is_near_is_told() -> None:
    (alert,) = event_alerts(Event(at_ms=7, kind="rate_limit", level=Level.WARNING, data={"provider": "groq"}))
    assert alert.rule == "near"


def test_lost_records_are_critical() -> None:
    alert = lost_alert(1_200, 7)
    assert (alert.key, alert.level) == ("dropped:records", Level.CRITICAL)
    assert alert.message.startswith("1,200 records were lost")
