"""What a session is recognised by."""

import pytest
from sqlalchemy import Engine

from db.commands import rename_session
from db.records import completions, states
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState


def write(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        states.write(tx, records, "p-1")  # type: ignore[arg-type]


def test_a_new_state_makes_the_session(engine: Engine, make_state: MakeState, ask: Ask) -> None:
    write(engine, make_state(keys=(b"a" * 16, b"b" * 16), summaries=(b"s" * 16,), project="kimi"))
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
    write(engine, make_state(keys=(b"a" * 16,)), make_state(keys=(b"b" * 16,), last_seen_ms=NOW_MS + 5))
    assert ask("SELECT message_keys, last_seen_ms FROM sessions") == [
        {"message_keys": b"b" * 16, "last_seen_ms": NOW_MS + 5}
    ]


def test_counters_stay(engine: Engine, make_state: MakeState, make_completion: MakeCompletion, ask: Ask) -> None:
    with engine.begin() as tx:
        completions.write(tx, [make_completion(prompt_tokens=9, turn=2)], "p-1")
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
