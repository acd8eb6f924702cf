"""What sessions cost, and when what was spent."""

from datetime import date, timedelta, timezone
from typing import Any

from sqlalchemy import Engine

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from db.queries.costs import SessionCost, by_session, spent_by_day
from db.queries.usage import UsageFilter
from db.writing import write

NOON_MS = 1_789_992_000_000
"""2026-09-21, 12:00 UTC."""
HOUR_MS = 3_600_000


def completion(session_id: str, cost_usd: float | None, at_ms: int = NOON_MS, **fields: Any) -> Completion:
    usual: dict[str, Any] = {
        "session_id": session_id,
        "session_name": f"About {session_id}",
        "started_at_ms": at_ms,
        "provider": "acme",
        "model": "large",
        "kind": Kind.CHAT,
        "stream": True,
        "status": 200,
        "outcome": Outcome.OK,
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "cost_usd": cost_usd,
    }
    return Completion(**(usual | fields))


def stored(engine: Engine, *records: Completion) -> None:
    with engine.begin() as tx:
        write(tx, records, "p-1")


def test_the_dearest_session_is_first_and_an_unknown_price_stays_unknown(engine: Engine) -> None:
    stored(
        engine,
        completion("s-cheap", 1.0, cost_uncached_usd=3.0, cost_unmodified_usd=2.0),
        completion("s-cheap", None),
        completion("s-dear", 5.0),
        completion("s-free", 0.0),
        completion("s-unknown", None),
    )
    with engine.connect() as tx:
        dear, cheap, *others = by_session(tx, NOON_MS, 10)
        assert by_session(tx, NOON_MS + 1, 10) == []
    assert cheap == SessionCost(
        session_id="s-cheap", name="About s-cheap", project="", completions=2, unpriced=1, cost_usd=1.0,
        cost_uncached_usd=3.0, cost_unmodified_usd=2.0,
    )  # fmt: skip
    # What nobody knows better is taken to have cost the same without cache and without us.
    assert (dear.cost_usd, dear.cost_uncached_usd, dear.cost_unmodified_usd) == (5.0, 5.0, 5.0)
    assert {row.session_id: row.cost_usd for row in others} == {"s-free": 0.0, "s-unknown": None}


def test_hours_are_of_the_persons_own_day(engine: Engine) -> None:
    evening_ms = NOON_MS + 11 * HOUR_MS
    stored(engine, completion("s-1", 1.0), completion("s-1", 2.0, evening_ms), completion("s-1", None, evening_ms))
    stored(engine, completion("s-2", 4.0, provider="other"))
    with engine.connect() as tx:
        spent = spent_by_day(tx, UsageFilter(since_ms=NOON_MS, provider="acme"), timezone(timedelta(hours=2)))
        every = spent_by_day(tx, UsageFilter(since_ms=NOON_MS))
        assert spent_by_day(tx, UsageFilter(since_ms=NOON_MS, model="no such model")) == {}
    today, tomorrow = date(2026, 9, 21), date(2026, 9, 22)
    assert {(day, hour): usd for day in spent for hour, usd in enumerate(spent[day]) if usd} == {
        (today, 14): 1.0, (tomorrow, 1): 2.0,
    }  # fmt: skip
    assert sum(every[today]) == 7.0
