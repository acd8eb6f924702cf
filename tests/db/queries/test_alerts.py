"""Alerts for the page, for toasts, and for a proxy that starts again."""

import pytest
from sqlalchemy import Engine

from addons.domain.alerts.alert import Alert, AlertSent
from addons.domain.events import Level
from db import acknowledging, writing
from db.queries import alerts
from db.queries.alerts import AlertFilter, Spent
from tests.db.stores import NOW_MS, MakeCompletion

HOUR_MS = 3_600_000


def alert(number: int, key: str, level: Level = Level.WARNING, **fields: str) -> Alert:
    message = f"alert {number}"
    return Alert(key=key, at_ms=NOW_MS + number, level=level, message=message, **fields)  # type: ignore[arg-type]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with engine.begin() as tx:
        records = [
            alert(1, "context:s-1:80", session_id="s-1", provider="kimi-code"),
            alert(2, "context:s-1:95", Level.CRITICAL, session_id="s-1", provider="kimi-code"),
            alert(3, "rate:groq", provider="groq"),
            alert(4, "rate:groq", Level.INFO, provider="groq"),
            AlertSent(key="rate:groq", at_ms=NOW_MS + 3, sent_at_ms=NOW_MS + 9),
        ]
        writing.write(tx, records, "p-1")
    acknowledging.acknowledge(engine, 1, NOW_MS + 100)
    return engine


FILTERS = {
    "all": (AlertFilter(), [4, 3, 2, 1]),
    "since": (AlertFilter(since_ms=NOW_MS + 3), [4, 3]),
    "until": (AlertFilter(until_ms=NOW_MS + 3), [2, 1]),
    "level": (AlertFilter(level="critical"), [2]),
    "rule": (AlertFilter(rule="rate"), [4, 3]),
    "no pattern": (AlertFilter(rule="%"), []),
    "provider": (AlertFilter(provider="kimi-code"), [2, 1]),
    "session": (AlertFilter(session_id="s-1"), [2, 1]),
    "open": (AlertFilter(open_only=True), [4, 3, 2]),
    "two": (AlertFilter(open_only=True, session_id="s-1"), [2]),
}


@pytest.mark.parametrize(("wanted", "ids"), FILTERS.values(), ids=FILTERS.keys())
def test_filters(filled: Engine, wanted: AlertFilter, ids: list[int]) -> None:
    with filled.connect() as tx:
        assert [row.id for row in alerts.alert_rows(tx, wanted, 10)] == ids
        assert alerts.alert_count(tx, wanted) == len(ids)


def test_a_row_has_what_became_of_it(filled: Engine) -> None:
    with filled.connect() as tx:
        (row,) = alerts.alert_rows(tx, AlertFilter(), 1, 1)
        (last,) = alerts.alert_rows(tx, AlertFilter(), 1, 3)
    assert (row.rule, row.level, row.message, row.sent_at_ms, row.data) == (
        "rate",
        "warning",
        "alert 3",
        NOW_MS + 9,
        {},
    )
    assert last.acknowledged_at_ms == NOW_MS + 100


def test_toasts_are_the_newest_open_ones_that_came_since(filled: Engine) -> None:
    with filled.connect() as tx:
        assert alerts.open_count(tx) == 3
        assert alerts.newest_id(tx) == 4
        assert [row.id for row in alerts.alerts_after(tx, 0, 10)] == [2, 3, 4]
        assert [row.id for row in alerts.alerts_after(tx, 0, 2)] == [3, 4]
        assert alerts.alerts_after(tx, 4, 10) == []


def test_an_empty_store_has_none(engine: Engine) -> None:
    with engine.connect() as tx:
        assert (alerts.open_count(tx), alerts.newest_id(tx)) == (0, 0)
        assert alerts.spent(tx, 0) == Spent(usd=0.0, tokens=0)
        assert alerts.last_times(tx, 0) == {}


def test_what_a_proxy_remembers(filled: Engine, make_completion: MakeCompletion) -> None:
    with filled.begin() as tx:
        made = make_completion(context_fill=0.85, started_at_ms=NOW_MS)
        other = make_completion(session_id="s-2", started_at_ms=NOW_MS)
        writing.write(tx, [made, other], "p-1")
        assert alerts.last_times(tx, NOW_MS + 2) == {"context:s-1:95": NOW_MS + 2, "rate:groq": NOW_MS + 4}
        assert alerts.fills(tx, NOW_MS) == {"s-1": 0.85}
        assert alerts.fills(tx, NOW_MS + 1) == {}


def test_what_was_spent_since_the_hour_of_a_time(engine: Engine, make_completion: MakeCompletion) -> None:
    costs = {"prompt_tokens": 10, "completion_tokens": 5, "cost_usd": 0.25}
    starts = (NOW_MS - HOUR_MS, NOW_MS, NOW_MS + HOUR_MS)
    with engine.begin() as tx:
        writing.write(tx, [make_completion(started_at_ms=each, **costs) for each in starts], "p-1")
        assert alerts.spent(tx, NOW_MS + 1) == Spent(usd=0.5, tokens=30)
