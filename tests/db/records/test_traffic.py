"""Completions and states together."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from addons.domain.kinds import Kind
from db.records import traffic
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState

Batches = list[list[dict[str, Any]]]

RECORD = st.fixed_dictionaries(
    {
        "session": st.sampled_from("ab"),
        "kind": st.sampled_from([None, Kind.CHAT, Kind.TITLE]),
        "tokens": st.integers(0, 10**6),
        "fill": st.none() | st.floats(0, 1),
    }
)
"""A completion, or a state where the kind is None."""


def test_calls_outside_a_session_only_raise_the_hour(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    with engine.begin() as tx:
        traffic.write(tx, [make_completion(session_id=None, kind=Kind.AUTOCOMPLETE)], "p-1")
    assert ask("SELECT * FROM sessions") == []
    assert ask("SELECT completions FROM rollup_hour") == [{"completions": 1}]
    assert ask("SELECT proxy_id FROM completions") == [{"proxy_id": "p-1"}]


def test_revs_grow_from_sessions_to_completions(
    engine: Engine, make_completion: MakeCompletion, make_state: MakeState, ask: Ask
) -> None:
    for _ in range(2):
        with engine.begin() as tx:
            traffic.write(tx, [make_completion(), make_state(), make_completion()], "p-1")
    assert ask("SELECT rev FROM sessions") == [{"rev": 4}]
    assert ask("SELECT rev FROM completions ORDER BY id") == [{"rev": rev} for rev in (2, 3, 5, 6)]


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_takes_as_many_statements_however_large(
    engine: Engine, make_completion: MakeCompletion, make_state: MakeState, count: int
) -> None:
    """The writer's thread takes its time from the traffic."""
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2].split("(")[0]))
    records = [make_completion(session_id=f"s-{at}", ttfb_ms=300.0, duration_ms=900.0) for at in range(count)]
    with engine.begin() as tx:
        traffic.write(tx, [*records, *(make_state(id=f"s-{at}") for at in range(count))], "p-1")
    tables = ("counters", "sessions", "rollup_hour", "completions", "tally_hour", "latency_spans")
    assert [said for said in statements if said.startswith("INSERT")] == [f"INSERT INTO {table} " for table in tables]
    assert len(statements) <= len(tables) + 2  # which sessions are deleted, and on SQLite the beginning


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(batches=st.lists(st.lists(RECORD, min_size=1, max_size=6), max_size=4))
def test_it_does_not_matter_how_records_are_batched(
    engine: Engine, make_completion: MakeCompletion, make_state: MakeState, ask: Ask, batches: Batches
) -> None:
    def record(kind: Kind | None, session: str, tokens: int, fill: float | None) -> object:
        if kind is None:
            return make_state(id=session, keys=b"%016d" % tokens)
        return make_completion(
            session_id=session,
            kind=kind,
            model=str(kind),
            prompt_tokens=tokens,
            context_fill=fill,
            turn=tokens,
            started_at_ms=NOW_MS,
        )

    def rows(found: list[list[object]]) -> list[dict[str, Any]]:
        with engine.begin() as tx:
            for table in ("completions", "sessions", "rollup_hour"):
                tx.exec_driver_sql(f"DELETE FROM {table}")
        for batch in found:
            with engine.begin() as tx:
                write(tx, batch, "p-1")
        return [
            {name: value for name, value in row.items() if name not in ("rev", "source")}
            for table in ("sessions", "rollup_hour")
            for row in ask(f"SELECT * FROM {table} ORDER BY 1, 3")
        ]

    together = [[record(**fields) for fields in batch] for batch in batches]
    assert rows(together) == rows([[each] for batch in together for each in batch])
    summed = "SELECT session_id AS id, count(*) AS completions, sum(prompt_tokens) AS prompt_tokens FROM completions"
    counted = ask("SELECT id, completions, prompt_tokens FROM sessions WHERE completions > 0 ORDER BY id")
    assert counted == ask(f"{summed} GROUP BY session_id ORDER BY session_id")
