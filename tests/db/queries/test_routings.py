"""Where requests went instead, as the store has it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from addons.domain.events import Event
from db import writing
from db.queries.routings import rerouted, routings
from tests import filled
from tests.db.plans import plan_of

NOW_MS = 1_790_000_000_000
SMALL = "mistral/ministral-8b-latest"


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.empty(url, NOW_MS)
    session_id = made.session(0, requests=2, age_ms=0)
    for at_ms, to in ((NOW_MS, "a"), (NOW_MS, "a"), (NOW_MS - 2 * filled.HOUR_MS, "b")):
        made.request(session_id, routed_from=SMALL, provider="mistral", model=to, started_at_ms=at_ms)
    told = [("routing", session_id, 2), ("routing", None, 0), ("epoch", session_id, 0)]
    with made.engine.begin() as tx:
        writing.write(tx, [Event(at_ms=NOW_MS - hours * filled.HOUR_MS, kind=kind, session_id=of, message=f"{hours} h")
                           for kind, of, hours in told], "p-1")  # fmt: skip
    yield made
    made.engine.dispose()


def test_ways_are_counted_in_requests_and_sessions(tx: Connection) -> None:
    found = [(way.routed_from, way.model, way.requests, way.sessions, way.last_ms) for way in rerouted(tx, None)]
    assert found == [(SMALL, "a", 2, 1, NOW_MS), (SMALL, "b", 1, 1, NOW_MS - 2 * filled.HOUR_MS)]
    assert [way.model for way in rerouted(tx, NOW_MS - filled.HOUR_MS)] == ["a"]


def test_decisions_are_the_latest_first_with_their_session_s_name(tx: Connection) -> None:
    found = [(row.message, row.session_id, row.session_name) for row in routings(tx, None, 10)]
    assert found == [("0 h", None, ""), ("2 h", "s-0000", filled.NAMES[0])]
    assert len(routings(tx, NOW_MS - filled.HOUR_MS, 10)) == 1
    assert len(routings(tx, None, 1)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("since_ms", [None, NOW_MS - filled.HOUR_MS], ids=["all", "an hour"])
def test_routed_requests_are_counted_as_their_index_has_them(tx: Connection, since_ms: int | None) -> None:
    plan = plan_of(tx, lambda tx: rerouted(tx, since_ms))
    assert "SCAN completions USING COVERING INDEX ix_completions_routed" in plan
    assert "USE TEMP B-TREE FOR GROUP BY" not in plan
