"""Rows of sessions: what they are recognised by, and their counters."""

import pytest
from sqlalchemy import Engine

from addons.domain.completion import Outcome
from addons.domain.kinds import Kind
from db.commands import rename_session
from db.records import traffic
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState


def write(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        traffic.write(tx, records, "p-1")  # type: ignore[arg-type]


def test_a_new_state_makes_the_session(engine: Engine, make_state: MakeState, ask: Ask) -> None:
    write(engine, make_state(keys=b"a" * 16 + b"b" * 16, summaries=(b"s" * 16,), project="kimi"))
    assert ask("SELECT name, project, message_keys, summary_keys, completions FROM sessions") == [
        {
            "name": "Fix the parser",
            "project": "kimi",
            "message_keys": b"a" * 16 + b"b" * 16,
            "summary_keys": b"s" * 16,
            "completions": 0,
        }
    ]


def test_the_last_state_of_a_batch_counts(engine: Engine, make_state: MakeState, ask: Ask) -> None:
    write(engine, make_state(keys=b"a" * 16), make_state(keys=b"b" * 16, last_seen_ms=NOW_MS + 5))
    assert ask("SELECT message_keys, last_seen_ms FROM sessions") == [
        {"message_keys": b"b" * 16, "last_seen_ms": NOW_MS + 5}
    ]


def test_counters_stay(engine: Engine, make_state: MakeState, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, make_completion(prompt_tokens=9, turn=2))
    write(engine, make_state())
    assert ask("SELECT name, prompt_tokens, turns, provider FROM sessions") == [
        {"name": "Fix the parser", "prompt_tokens": 9, "turns": 2, "provider": "kimi-code"}
    ]


@pytest.mark.parametrize(("new", "kept"), [("Second", "Second"), ("", "Fix the parser")], ids=["a name", "none"])
def test_a_name_follows_the_state_unless_it_has_none(
    engine: Engine, make_state: MakeState, ask: Ask, new: str, kept: str
) -> None:
    write(engine, make_state())
    write(engine, make_state(name=new))
    assert ask("SELECT name FROM sessions") == [{"name": kept}]


def test_a_name_given_by_the_person_stays(engine: Engine, make_state: MakeState, ask: Ask) -> None:
    write(engine, make_state())
    rename_session(engine, "s-1", "Mine")
    write(engine, make_state(name="Second"))
    assert ask("SELECT name, renamed FROM sessions") == [{"name": "Mine", "renamed": 1}]


def test_a_project_is_not_forgotten(engine: Engine, make_state: MakeState, ask: Ask) -> None:
    write(engine, make_state(project="kimi"))
    write(engine, make_state(project=""))
    assert ask("SELECT project FROM sessions") == [{"project": "kimi"}]


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
