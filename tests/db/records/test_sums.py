"""Counters of sessions and hours."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from addons.domain.completion import Outcome
from addons.domain.kinds import Kind
from db.records import completions, sums
from tests.db.stores import NOW_MS, Ask, MakeCompletion

HOUR = sums.HOUR_MS


def write(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        completions.write(tx, records, "p-1")  # type: ignore[arg-type]


def test_a_session_without_a_row_gets_one(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, make_completion(session_name="Tests", project="kimi", turn=3, context_fill=0.5, context_window=1000))
    (session,) = ask("SELECT * FROM sessions")
    expected = {
        "id": "s-1",
        "name": "Tests",
        "project": "kimi",
        "source": "proxy",
        "provider": "kimi-code",
        "turns": 3,
        "completions": 1,
        "created_at_ms": NOW_MS,
        "last_seen_ms": NOW_MS,
        "context_fill": 0.5,
        "context_window": 1000,
        "memory_tokens": None,
    }
    assert {name: session[name] for name in expected} == expected


def test_calls_outside_a_session_only_raise_the_hour(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, make_completion(session_id=None, kind=Kind.AUTOCOMPLETE))
    assert ask("SELECT * FROM sessions") == []
    assert ask("SELECT completions FROM rollup_hour") == [{"completions": 1}]


def test_the_latest_values_are_those_of_calls_that_fill_the_context(
    engine: Engine, make_completion: MakeCompletion, ask: Ask
) -> None:
    latest = "SELECT model, context_fill, memory_ratio FROM sessions"
    write(engine, make_completion(kind=Kind.TITLE, model="small"))
    first = ask(latest)
    write(engine, make_completion(model="large", context_fill=0.3, memory_ratio=0.1))
    write(engine, make_completion(kind=Kind.TITLE, model="small"))
    write(engine, make_completion(model="large", status=429, outcome=Outcome.ERROR))
    assert first == [{"model": "small", "context_fill": None, "memory_ratio": None}]
    assert ask(latest) == [{"model": "large", "context_fill": 0.3, "memory_ratio": 0.1}]


def test_turns_and_last_seen_never_go_back(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, make_completion(turn=5, started_at_ms=NOW_MS + 10))
    write(engine, make_completion(turn=4, started_at_ms=NOW_MS))
    assert ask("SELECT turns, last_seen_ms FROM sessions") == [{"turns": 5, "last_seen_ms": NOW_MS + 10}]


def test_hours_are_kept_apart_by_provider_model_and_project(
    engine: Engine, make_completion: MakeCompletion, ask: Ask
) -> None:
    start = NOW_MS // HOUR * HOUR
    write(
        engine,
        make_completion(started_at_ms=start, prompt_tokens=1),
        make_completion(started_at_ms=start + HOUR - 1, prompt_tokens=10),
        make_completion(started_at_ms=start + HOUR, prompt_tokens=100),
        make_completion(started_at_ms=start, prompt_tokens=1000, model="other"),
        make_completion(started_at_ms=start, prompt_tokens=10_000, project="other"),
        make_completion(started_at_ms=start, prompt_tokens=100_000, provider="other"),
    )
    found = ask("SELECT hour_ms, prompt_tokens FROM rollup_hour")
    assert sorted((row["hour_ms"] - start, row["prompt_tokens"]) for row in found) == [
        (0, 11),
        (0, 1000),
        (0, 10_000),
        (0, 100_000),
        (HOUR, 100),
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 10**6)), min_size=1), max_size=4))
def test_the_counters_are_the_sums_of_the_rows_however_they_were_batched(
    engine: Engine, make_completion: MakeCompletion, ask: Ask, batches: list[list[tuple[str, int]]]
) -> None:
    with engine.begin() as tx:
        for table in ("completions", "sessions", "rollup_hour"):
            tx.execute(text(f"DELETE FROM {table}"))
    for batch in batches:
        write(engine, *(make_completion(session_id=key, prompt_tokens=tokens) for key, tokens in batch))
    summed = "SELECT session_id AS id, count(*) AS completions, sum(prompt_tokens) AS prompt_tokens FROM completions"
    counted = ask("SELECT id, completions, prompt_tokens FROM sessions ORDER BY id")
    assert counted == ask(f"{summed} GROUP BY session_id ORDER BY session_id")
    totals = "coalesce(sum(prompt_tokens), 0) AS tokens FROM"
    assert ask(f"SELECT {totals} rollup_hour") == ask(f"SELECT {totals} completions")
