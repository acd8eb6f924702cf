"""What is recorded becomes alerts: stored, logged, sent, acknowledged."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mitmproxy.log import ALERT

from addons.domain.completion import Outcome
from addons.domain.events import Event, Level
from addons.hooks import alerting, store
from addons.hooks.alerting import periods
from addons.hooks.store import Store, now_ms
from db.opened import Opened
from tests.addons.hooks.living import ask, rows, start, stop, until
from tests.addons.hooks.own import PROVIDERS, Own
from tests.addons.services.sinks import Sink, sink
from tests.db.stores import MakeCompletion

MakeOwn = Callable[..., Own]


SENT_S = 60.0
"""What takes a second takes longer where other tests keep the processors busy."""
SPENT_MS = 1_790_000_000_000
"""Of all that is spent, so that no midnight comes between."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerting, "CLOSE_S", SENT_S)
    monkeypatch.setattr(store, "CLOSE_TIMEOUT_S", SENT_S)


@pytest.fixture
def there() -> Iterator[Sink]:
    with sink() as made:
        yield made


@pytest.fixture
def own(make_own: MakeOwn, there: Sink) -> Own:
    return make_own(providers=f'{PROVIDERS}\n[alerts]\nurls = ["{there.url}"]\nbudget_day_usd = 2.0\n')


@pytest.fixture
def started(own: Own) -> Iterator[Own]:
    start(own)
    yield own
    stop(own)


def alerts(own: Own) -> list[str]:
    return [row["key"] for row in rows(own, "SELECT key FROM alerts ORDER BY id")]


class TestAlerting:
    def test_a_full_context_is_stored_logged_and_sent(
        self, started: Own, there: Sink, make_completion: MakeCompletion, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        started.addon(Store).submit(make_completion(context_fill=0.91, context_window=1_000))
        until(started, lambda: rows(started, "SELECT 1 FROM alerts WHERE sent_at_ms IS NOT NULL"))
        (row,) = rows(started, "SELECT key, session_id, send_error FROM alerts")
        assert row == {"key": "context:s-1:90", "session_id": "s-1", "send_error": ""}
        said = "kimi-code/kimi-for-coding: the context is 91% full (910 of 1,000 tokens)"
        assert there.taken[0]["message"] == f"{said}\nSession s-1"
        assert [record.getMessage() for record in caplog.records if record.levelno == ALERT] == [f"warning: {said}"]

    def test_what_the_store_met_when_it_was_opened_is_told(self, own: Own) -> None:
        path = Path(own.configuration.database_url.removeprefix("sqlite:///"))
        Opened(own.configuration.database_url).close()
        path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
        start(own)
        until(own, lambda: alerts(own))
        stop(own)
        assert [key.startswith("store:The database was damaged: it is") for key in alerts(own)] == [True]

    def test_no_address_reaches_the_store_or_the_log(
        self, own: Own, there: Sink, make_completion: MakeCompletion, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        there.status = 500
        start(own)
        own.addon(Store).submit(make_completion(context_fill=0.99))
        assert there.came.acquire(timeout=SENT_S)
        stop(own)
        (row,) = rows(own, "SELECT send_error FROM alerts")
        path = own.configuration.database_url.removeprefix("sqlite:///")
        with open(path, "rb") as file:
            assert b"s3cr3t" not in file.read()
        assert row == {"send_error": "channel 1 (json) did not take the message"}
        assert "s3cr3t" not in caplog.text

    def test_less_than_a_warning_is_only_kept(self, started: Own, there: Sink) -> None:
        data = {"provider": "groq", "kind": "requests_per_minute", "used": 9, "limit": 10}
        records = started.addon(Store)
        records.submit(Event(at_ms=now_ms(), kind="rate_limit", level=Level.WARNING, data=data))
        records.submit(Event(at_ms=now_ms(), kind="alert", level=Level.CRITICAL, message="No other fits"))
        until(started, lambda: alerts(started) == ["near:groq:requests_per_minute", "alert:"])
        assert there.came.acquire(timeout=SENT_S)
        assert [taken["message"] for taken in there.taken] == ["No other fits"]

    def test_a_budget_is_told_once_also_after_a_restart(
        self, own: Own, make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(alerting, "LOOK_S", 0.01)
        monkeypatch.setattr(alerting, "BUDGET_S", 0.1)
        monkeypatch.setattr(alerting, "now_ms", lambda: SPENT_MS)

        def spend(usd: float) -> None:
            """The second completion has it looked at after the first was written."""
            own.addon(Store).submit(make_completion(started_at_ms=SPENT_MS, cost_usd=usd))
            assert own.addon(Store).recorder.flush(SENT_S)  # type: ignore[union-attr]
            own.addon(Store).submit(make_completion(started_at_ms=SPENT_MS, cost_usd=0.0))

        start(own)
        spend(1.8)
        until(own, lambda: alerts(own), "the warning")
        stop(own)
        start(own)
        spend(0.3)
        until(own, lambda: len(alerts(own)) > 1, "that it is spent")
        stop(own)
        assert [key.split(":", 3)[3] for key in alerts(own)] == ["usd:2:80", "usd:2:100"]

    def test_a_session_that_was_told_is_not_told_again_after_a_restart(
        self, own: Own, make_completion: MakeCompletion
    ) -> None:
        for fill in (0.85, 0.86):
            start(own)
            own.addon(Store).submit(make_completion(context_fill=fill, started_at_ms=now_ms()))
            stop(own)
        assert alerts(own) == ["context:s-1:80"]

    def test_lost_records_are_told(self, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(alerting, "LOOK_S", 0.01)
        start(own)
        recorder = own.addon(Store).recorder
        assert recorder
        recorder._backlog.lose(7)
        until(own, lambda: alerts(own) == ["dropped:records"])
        stop(own)
        assert json.loads(rows(own, "SELECT data FROM alerts")[0]["data"]) == {"records": 7}

    def test_addresses_in_the_environment_go_before(
        self, own: Own, there: Sink, make_completion: MakeCompletion
    ) -> None:
        with sink() as other:
            own.configuration.environ["KIMI_ALERT_URLS"] = f" {other.url} "
            start(own)
            own.addon(Store).submit(make_completion(outcome=Outcome.ERROR, status=403, error_class="quota"))
            until(own, lambda: rows(own, "SELECT 1 FROM alerts WHERE sent_at_ms IS NOT NULL"))
            stop(own)
            assert (len(other.taken), len(there.taken)) == (1, 0)

    def test_alerts_are_acknowledged_by_number_or_all(self, started: Own) -> None:
        for session in ("a", "b", "c"):
            started.addon(Store).submit(Event(at_ms=1, kind="alert", level=Level.CRITICAL, session_id=session))
        until(started, lambda: len(alerts(started)) == 3)
        assert ask(started, "acknowledge_alert", alert_id=2) == {"ok": {"acknowledged": 1}}
        assert ask(started, "acknowledge_alert", all=True) == {"ok": {"acknowledged": 2}}
        assert "no alert 9" in ask(started, "acknowledge_alert", alert_id=9)["error"]
        assert "alert_id is None; expected the number" in ask(started, "acknowledge_alert")["error"]
        assert "alert_id is True" in ask(started, "acknowledge_alert", alert_id=True)["error"]

    def test_nobody_waits_where_too_many_are_recorded(
        self, own: Own, make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(alerting, "CAPACITY", 1)
        start(own)
        began_s = time.monotonic()
        for _ in range(500):
            own.addon(Store).submit(make_completion())
        assert time.monotonic() - began_s < SENT_S
        stop(own)

    def test_a_record_that_cannot_be_looked_at_ends_nothing(
        self, started: Own, make_completion: MakeCompletion, caplog: pytest.LogCaptureFixture
    ) -> None:
        started.addon(Store).submit(Event(at_ms=1, kind="rate_limit", data=None))  # type: ignore[arg-type]
        started.addon(Store).submit(make_completion(context_fill=0.85))
        until(started, lambda: "something could not be looked at" in caplog.text)


def test_a_day_and_a_month_begin_at_midnight_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        found = list(periods(1_790_000_000_000))  # 2026-09-21 15:33 in Paris
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == [("day", "2026-09-21", 1_789_941_600_000), ("month", "2026-09", 1_788_213_600_000)]
