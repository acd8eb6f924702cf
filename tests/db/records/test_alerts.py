"""Alerts, and what became of telling them."""

import json
from collections.abc import Callable

from sqlalchemy import Engine

from addons.domain.alerts.alert import Alert, AlertSent
from addons.domain.events import Level
from db.writing import write
from tests.db.stores import NOW_MS, Ask

ALERT = Alert(
    key="context:s-1:80",
    at_ms=NOW_MS,
    level=Level.WARNING,
    message="80% full",
    session_id="s-1",
    provider="kimi-code",
    data={"fill": 0.8},
)


def stored(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        write(tx, records, "p-1")


def test_an_alert_is_stored_with_its_figures(engine: Engine, ask: Ask) -> None:
    stored(engine, ALERT)
    (row,) = ask("SELECT * FROM alerts")
    assert json.loads(row.pop("data")) == {"fill": 0.8}
    assert row == {
        "id": 1,
        "rev": 1,
        "key": "context:s-1:80",
        "level": "warning",
        "at_ms": NOW_MS,
        "session_id": "s-1",
        "provider": "kimi-code",
        "message": "80% full",
        "acknowledged_at_ms": None,
        "sent_at_ms": None,
        "send_error": "",
    }


def test_of_several_channels_the_first_success_and_the_first_error_stay(engine: Engine, ask: Ask) -> None:
    sent = AlertSent(key=ALERT.key, at_ms=NOW_MS, sent_at_ms=NOW_MS + 5)
    failed = AlertSent(key=ALERT.key, at_ms=NOW_MS, error="channel 2 (json) did not take the message")
    stored(engine, ALERT, failed, sent)  # in one batch, as when the channel is fast
    later = AlertSent(key=ALERT.key, at_ms=NOW_MS, sent_at_ms=NOW_MS + 9, error="another")
    stored(engine, later, AlertSent(key="other", at_ms=NOW_MS, sent_at_ms=1))
    (row,) = ask("SELECT sent_at_ms, send_error, rev FROM alerts")
    assert row == {"sent_at_ms": NOW_MS + 5, "send_error": "channel 2 (json) did not take the message", "rev": 4}


def test_secrets_do_not_reach_the_disk(engine: Engine, stored_bytes: Callable[[], bytes]) -> None:
    key = "sk-kimi-abcdefghijklmnop1234567890"
    alert = Alert(key="k", at_ms=1, level=Level.INFO, message=f"is {key}", data={"x": f"Bearer {key}"})
    stored(engine, alert, AlertSent(key="k", at_ms=1, error=f"https://u:{key}@h/"))
    assert key.encode() not in stored_bytes()
