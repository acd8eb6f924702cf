"""Merging two sessions, what is recorded of them afterwards, and taking it back."""

import pytest
from sqlalchemy import Engine

from addons.domain.errors import UserError
from addons.domain.events import Event
from addons.domain.memory import MemorySeen, Segment
from db import merging
from db.hiding import UNDO_MS, purge_deleted, restore_session
from db.queries.decisions import decisions_of
from db.queries.sessions import one
from db.queries.states import recent_states, states_within
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState, make_decision, make_original

OWN, EQUAL = b"o" * 16, b"e" * 16
SENT = "SELECT session_id, sent FROM memory_segments ORDER BY session_id"
COUNTED = "SELECT id, completions, prompt_tokens FROM sessions ORDER BY id"


def seen(session_id: str) -> MemorySeen:
    return MemorySeen(session_id=session_id, at_ms=NOW_MS, segments=(Segment("mcp-memory", "m", 0, 0, 0, 30, OWN),))


@pytest.fixture(autouse=True)
def two(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> None:
    """s-1 with one request, s-2 with two; both decided on an equal message, and s-2 on one of its own."""
    with engine.begin() as tx:
        states = [make_state(), make_state(id="s-2", name="Other", last_seen_ms=NOW_MS + 9, keys=b"2" * 16)]
        calls = [make_completion(session_id=id_, prompt_tokens=10, started_at_ms=NOW_MS + at) for at, id_ in
                 enumerate(("s-1", "s-2", "s-2"))]  # fmt: skip
        write(tx, [*states, *calls, Event(at_ms=NOW_MS, kind="epoch", session_id="s-2")], "p-1")
        write(tx, [make_original("text", session_id="s-2"), seen("s-1"), seen("s-2"), seen("s-2")], "p-1")
        write(tx, [make_decision(key=EQUAL, reason="of one"), make_decision(session_id="s-2", key=EQUAL),
                   make_decision(session_id="s-2", key=OWN)], "p-1")  # fmt: skip


def test_all_of_one_is_the_others_and_each_is_still_recognised(engine: Engine, ask: Ask) -> None:
    merging.merge_sessions(engine, "s-1", "s-2", NOW_MS)
    assert ask(COUNTED) == [
        {"id": "s-1", "completions": 3, "prompt_tokens": 30},
        {"id": "s-2", "completions": 0, "prompt_tokens": 0},
    ]
    assert ask("SELECT DISTINCT session_id FROM events") == [{"session_id": "s-1"}]
    assert ask(SENT) == [{"session_id": "s-1", "sent": 3}, {"session_id": "s-2", "sent": 2}]
    assert [decision.key for decision in decisions_of(engine, "s-1")] == [EQUAL, OWN]
    assert decisions_of(engine, "s-1")[0].reason == "of one"
    assert [state.id for state in recent_states(engine, 0, 9)] == ["s-2", "s-1"]
    assert [state.id for state in states_within(engine, "s-1")] == ["s-2", "s-1"]
    with engine.connect() as tx:
        found = one(tx, "s-2")
    assert found and found.id == "s-1"


def test_what_is_recorded_of_a_merged_session_goes_to_the_other(
    engine: Engine, ask: Ask, make_completion: MakeCompletion, make_state: MakeState
) -> None:
    merging.merge_sessions(engine, "s-1", "s-2", NOW_MS)
    new = b"n" * 16
    with engine.begin() as tx:
        write(tx, [make_completion(session_id="s-2", prompt_tokens=5), seen("s-2")], "p-1")
        write(tx, [make_state(id="s-2", keys=b"3" * 16), make_original("more", session_id="s-2")], "p-1")
        again = make_decision(session_id="s-2", key=EQUAL, reason="again")
        write(tx, [make_decision(session_id="s-2", key=new), again], "p-1")
    assert ask(COUNTED)[0] == {"id": "s-1", "completions": 4, "prompt_tokens": 35}
    assert ask(SENT)[0] == {"session_id": "s-1", "sent": 4}
    assert states_within(engine, "s-2")[0].keys == b"3" * 16
    reasons = {id_: {each.key: each.reason for each in decisions_of(engine, id_)} for id_ in ("s-1", "s-2")}
    assert reasons["s-1"].keys() == reasons["s-2"].keys() == {EQUAL, OWN, new}
    assert (reasons["s-1"][EQUAL], reasons["s-2"][EQUAL]) == ("of one", "again")
    assert len(ask("SELECT * FROM session_originals WHERE session_id = 's-1'")) == 2


def test_a_merge_is_taken_back(engine: Engine, ask: Ask) -> None:
    before = ask(COUNTED), ask(SENT), ask("SELECT session_id, key, reason FROM decisions ORDER BY session_id, key")
    merging.merge_sessions(engine, "s-1", "s-2", NOW_MS)
    restore_session(engine, "s-2")
    after = ask(COUNTED), ask(SENT), ask("SELECT session_id, key, reason FROM decisions ORDER BY session_id, key")
    assert after == before
    assert ask("SELECT * FROM merged_rows") == ask("SELECT * FROM managed_sessions") == []
    assert ask("SELECT session_id FROM events") == [{"session_id": "s-2"}]


def test_after_the_undo_time_it_is_not_taken_back_but_goes_on(
    engine: Engine, ask: Ask, make_completion: MakeCompletion
) -> None:
    merging.merge_sessions(engine, "s-1", "s-2", NOW_MS)
    with engine.begin() as tx:
        purge_deleted(tx, NOW_MS + UNDO_MS)
        write(tx, [make_completion(session_id="s-2")], "p-1")
    with pytest.raises(UserError, match="merged too long ago"):
        restore_session(engine, "s-2")
    assert ask(COUNTED)[0]["completions"] == 4


def test_of_three_the_middle_one_is_taken_out(
    engine: Engine, ask: Ask, make_completion: MakeCompletion, make_state: MakeState
) -> None:
    with engine.begin() as tx:
        write(tx, [make_state(id="s-3"), make_completion(session_id="s-3")], "p-1")
    merging.merge_sessions(engine, "s-2", "s-3", NOW_MS)
    merging.merge_sessions(engine, "s-1", "s-2", NOW_MS)
    restore_session(engine, "s-2")
    assert [row["completions"] for row in ask(COUNTED)] == [1, 3, 0]
    with engine.begin() as tx:
        write(tx, [make_completion(session_id="s-3")], "p-1")
    assert [row["completions"] for row in ask(COUNTED)] == [1, 4, 0]


def test_the_name_is_the_one_that_is_wanted(engine: Engine, ask: Ask) -> None:
    merging.merge_sessions(engine, "s-1", "s-2", NOW_MS, keep_name=False)
    assert ask("SELECT name, renamed FROM sessions WHERE id = 's-1'") == [{"name": "Other", "renamed": True}]


@pytest.mark.parametrize(
    ("into", "other", "words"),
    [("s-1", "s-1", "with itself"), ("s-1", "s-9", "no session 's-9'"), ("s-9", "s-1", "no session 's-9'")],
    ids=["itself", "no other", "no target"],
)
def test_what_cannot_be_merged_says_why(engine: Engine, into: str, other: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        merging.merge_sessions(engine, into, other, NOW_MS)
