"""Lists of messages from their steps: case by case, and for whatever a client does with its history."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.composition import NOTHING, Rewritten
from addons.domain.message_list import Entry, MessageStep, built, moved, whole
from tests.addons.domain.walk import Walk, answer, call, read, result, user

SYSTEM = {"role": "system", "content": "Rules."}
HISTORY = [SYSTEM, user("Fix it."), call("ls", "1"), result("a b c", "1"), answer("Done."), user("Thanks.")]


def masked(**saved: int) -> Rewritten:
    return Rewritten(masked={int(at.removeprefix("at")): tokens for at, tokens in saved.items()})


def entries(steps: list[MessageStep]) -> list[Entry]:
    found = built(steps)
    assert found
    return list(found.entries)


def test_a_session_that_grows_records_what_is_new() -> None:
    walk = Walk()
    first, second = walk.send(*HISTORY[:4]), walk.send(*HISTORY, known=3)
    assert (first.kept, len(first.added), first.new) == ((), 4, 3)
    assert (second.kept, len(second.added), second.new) == (((0, 4, 0),), 2, 2)
    assert (first.chain, first.number, second.chain, second.number) == ("c", 0, "c", 1)
    assert [entry.role for entry in entries(walk.steps)] == ["system", "user", "assistant", "tool", "assistant", "user"]


def test_a_result_is_listed_with_its_tool_and_its_key() -> None:
    listed = Walk().send(*HISTORY[:4]).added[3]
    assert listed.pieces == (("tool_results", 7, "ls"),)
    assert (listed.key, listed.tokens) == (read({"messages": HISTORY}).messages[3].key.hex(), 7)


def test_the_same_request_again_adds_nothing() -> None:
    walk = Walk()
    walk.send(*HISTORY)
    again = walk.send(*HISTORY)
    assert (again.kept, again.added, again.masked) == (((0, 6, 0),), (), {})


CHANGED = [
    pytest.param([SYSTEM, user("Other."), *HISTORY[2:]], ((0, 1, 0), (2, 6, 2)), 1, id="a message was edited"),
    pytest.param(HISTORY[:2], ((0, 2, 0),), 0, id="it goes on from an older message"),
    pytest.param([*HISTORY[:2], answer("No.")], ((0, 2, 0),), 1, id="a branch"),
    pytest.param([SYSTEM, *HISTORY[4:], user("More.")], ((0, 1, 0), (4, 6, 1)), 1, id="old messages were left out"),
    pytest.param([{"role": "system", "content": "New."}, *HISTORY[1:]], ((1, 6, 1),), 1, id="other rules"),
    pytest.param([SYSTEM, *HISTORY[3:]], ((0, 1, 0), (4, 6, 2)), 1, id="a result has lost its call"),
    pytest.param([user("Quite another.")], (), 1, id="nothing in common"),
]


@pytest.mark.parametrize(("messages", "kept", "added"), CHANGED)
def test_a_history_that_changed_is_the_one_that_was_sent(
    messages: list[dict[str, Any]], kept: tuple[tuple[int, int, int], ...], added: int
) -> None:
    walk, alone = Walk(), Walk()
    walk.send(*HISTORY)
    step = walk.send(*messages)
    alone.send(*messages)
    assert entries(walk.steps) == entries(alone.steps)
    assert (step.kept, len(step.added)) == (kept, added)


def test_cache_control_that_moves_on_changes_no_message() -> None:
    marked = {"role": "user", "content": [{"type": "text", "text": "Fix it.", "cache_control": {"type": "ephemeral"}}]}
    walk = Walk()
    walk.send(SYSTEM, marked)
    assert walk.send(SYSTEM, user("Fix it."), answer("Done.")).kept == ((0, 2, 0),)


def test_masks_are_recorded_where_they_change() -> None:
    walk = Walk()
    walk.send(*HISTORY[:4])
    epoch = walk.send(*HISTORY, rewritten=masked(at3=5))
    later = walk.send(*HISTORY, user("More."), rewritten=masked(at3=5))
    back = walk.send(*HISTORY, user("More."))
    assert [step.masked for step in (epoch, later, back)] == [{3: 5}, {}, {3: 0}]
    assert [entries(walk.steps[:end])[3].saved for end in (1, 2, 3, 4)] == [0, 5, 5, 0]


def test_a_mask_stays_with_its_message_where_older_ones_are_left_out() -> None:
    walk = Walk()
    walk.send(*HISTORY, rewritten=masked(at5=5, at2=9))
    step = walk.send(SYSTEM, *HISTORY[4:], rewritten=masked(at2=5))
    assert (step.kept, step.masked) == (((0, 1, 0), (4, 6, 1)), {})
    assert moved({5: 5, 2: 9}, step.kept) == {2: 5}


def test_after_a_lost_step_its_messages_are_unknown() -> None:
    walk = Walk()
    walk.send(*HISTORY[:2])
    walk.send(*HISTORY[:4])
    walk.send(*HISTORY, rewritten=masked(at1=2))
    without_first, without_second = entries(walk.steps[1:]), entries([walk.steps[0], walk.steps[2]])
    assert [entry.listed is None for entry in without_first] == [True, True, False, False, False, False]
    assert [entry.listed is None for entry in without_second] == [True] * 4 + [False] * 2
    assert whole(walk.steps[1:]) is None


def test_a_step_made_whole_needs_no_other() -> None:
    walk = Walk()
    walk.send(*HISTORY[:4], rewritten=masked(at3=5))
    walk.send(*HISTORY, known=3, rewritten=masked(at3=5))
    last = whole(walk.steps)
    assert last and (last.number, last.kept, last.new) == (1, (), 2)
    assert entries([last]) == entries(walk.steps)


def test_of_nothing_there_is_no_list() -> None:
    assert built([]) is None
    assert whole([]) is None


WORDS = st.sampled_from(["Fix it.", "Why?", "ok", "a longer answer than the others", ""])
MESSAGES = st.lists(st.builds(lambda make, text: make(text), st.sampled_from([user, answer]), WORDS), max_size=5)
CHANGES = st.tuples(
    st.sampled_from(["grow", "branch", "prune", "edit"]), st.integers(0, 8), MESSAGES, st.sets(st.integers(0, 8))
)


def changed(history: list[dict[str, Any]], how: str, at: int, new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    at = min(at, len(history))
    return {
        "grow": history + new,
        "branch": history[:at] + new,
        "prune": history[:1] + history[1 + at :] + new,
        "edit": history[:at] + new[:1] + history[at + 1 :] + new[1:],
    }[how]


@given(st.lists(CHANGES, max_size=8))
def test_whatever_a_client_does_each_list_is_the_one_that_was_sent(
    changes: list[tuple[str, int, list[dict[str, Any]], set[int]]],
) -> None:
    walk, history = Walk(), [SYSTEM]
    for how, at, new, places in changes:
        history = changed(history, how, at, new)
        rewritten = Rewritten(masked={place: 1 + place for place in places if place < len(history)})
        walk.send(*history, rewritten=rewritten if rewritten.masked else NOTHING)
        alone = Walk()
        alone.send(*history, rewritten=rewritten)
        assert entries(walk.steps) == entries(alone.steps)
        assert entries([*filter(None, [whole(walk.steps)])]) == entries(alone.steps)
