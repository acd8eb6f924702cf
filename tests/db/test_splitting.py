"""Splitting a session: what becomes of its parts."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from addons.domain.errors import UserError
from addons.domain.events import Event
from addons.domain.memory import MemorySeen, Segment
from db.merging import merge_sessions
from db.queries.states import states_within
from db.splitting import split_session
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState, make_decision, make_original

COUNTED = "SELECT id, name, completions, turns, context_fill FROM sessions ORDER BY id DESC"
SENT = "SELECT session_id, sent FROM memory_segments ORDER BY session_id"


@pytest.fixture(autouse=True)
def session(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> None:
    """Four requests, one a second; what belongs to the first two was recorded after the first."""
    with engine.begin() as tx:
        calls = [make_completion(started_at_ms=NOW_MS + 1_000 * at, turn=at + 1, context_fill=at / 10)
                 for at in range(4)]  # fmt: skip
        write(tx, [make_state(), *calls, Event(at_ms=NOW_MS + 500, kind="epoch", session_id="s-1")], "p-1")
        segment = Segment("mcp-memory", "m", 0, 0, 0, 30, b"m" * 16)
        memory = [MemorySeen(session_id="s-1", at_ms=call.started_at_ms, segments=(segment,)) for call in calls]
        original = make_original("text", at_ms=NOW_MS + 500)
        digest = replace(make_decision().replacements[0], tag=original.tag)
        write(tx, [*memory, original, make_decision(decided_at_ms=NOW_MS + 500, replacements=(digest,))], "p-1")


def split(engine: Engine, ask: Ask, at: int, name: str = "") -> None:
    ids = [row["id"] for row in ask("SELECT id FROM completions ORDER BY started_at_ms")]
    split_session(engine, "s-1", ids[at], "s-0", name)


def test_the_earlier_part_keeps_the_name_and_the_later_the_conversation(engine: Engine, ask: Ask) -> None:
    split(engine, ask, 2)
    assert ask(COUNTED) == [
        {"id": "s-1", "name": "Fix the parser (2)", "completions": 2, "turns": 4, "context_fill": 0.3},
        {"id": "s-0", "name": "Fix the parser", "completions": 2, "turns": 2, "context_fill": 0.1},
    ]
    assert states_within(engine, "s-1")[0].keys == b"k" * 16
    assert states_within(engine, "s-0")[0].keys == b""
    assert ask("SELECT session_id FROM events") == [{"session_id": "s-0"}]
    assert ask(SENT) == [{"session_id": "s-0", "sent": 2}, {"session_id": "s-1", "sent": 2}]


def test_what_was_decided_earlier_is_shown_with_both_and_forwarded_as_before(engine: Engine, ask: Ask) -> None:
    split(engine, ask, 2)
    for table in ("decisions", "session_originals"):
        assert ask(f"SELECT session_id FROM {table} ORDER BY session_id") == [
            {"session_id": "s-0"},
            {"session_id": "s-1"},
        ]


def test_what_follows_belongs_to_the_later_part(engine: Engine, ask: Ask, make_completion: MakeCompletion) -> None:
    split(engine, ask, 1)
    with engine.begin() as tx:
        write(tx, [make_completion(started_at_ms=NOW_MS + 9_000)], "p-1")
    assert [row["completions"] for row in ask(COUNTED)] == [4, 1]


def test_merging_the_parts_takes_it_back(engine: Engine, ask: Ask) -> None:
    before = ask(COUNTED)
    split(engine, ask, 3, "Later")
    assert [row["name"] for row in ask(COUNTED)] == ["Later", "Fix the parser"]
    merge_sessions(engine, "s-1", "s-0", NOW_MS, keep_name=False)
    assert ask(COUNTED)[:1] == before
    assert ask("SELECT sent FROM memory_segments WHERE session_id = 's-1'") == [{"sent": 4}]


def test_numbers_go_on(engine: Engine, ask: Ask) -> None:
    split(engine, ask, 1, "Round (2)")
    ids = [row["id"] for row in ask("SELECT id FROM completions ORDER BY started_at_ms")]
    split_session(engine, "s-1", ids[2], "s-00")
    assert ask(COUNTED)[0]["name"] == "Round (3)"


def test_what_cannot_be_split_says_why(engine: Engine, ask: Ask) -> None:
    with pytest.raises(UserError, match="is the first of session 's-1'"):
        split(engine, ask, 0)
    with pytest.raises(UserError, match="has no request 99"):
        split_session(engine, "s-1", 99, "s-0")
    with pytest.raises(UserError, match="no session 's-9'"):
        split_session(engine, "s-9", 1, "s-0")
