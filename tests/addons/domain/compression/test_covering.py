"""Where a summary stands in a request."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from addons.domain.compression.covering import covered, is_edited
from addons.domain.compression.plan import cover
from addons.domain.facts import MessageFacts
from addons.domain.messages import Role
from tests.addons.domain.compression.histories import fact, history, keys, letters

TEXT = "suatatauau"
HISTORY = history(TEXT)
KEYS = keys(HISTORY[1:6])
"""Of u a t a t."""


def edited(index: int) -> list[MessageFacts]:
    return [*HISTORY[:index], fact(TEXT[index], 99), *HISTORY[index + 1 :]]


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        (HISTORY, range(1, 6)),
        (HISTORY[1:], range(5)),
        ([HISTORY[0], *HISTORY[4:]], range(1, 3)),
        ([HISTORY[0], *HISTORY[6:]], range(0)),
        (HISTORY[:6], range(0)),
        (edited(2), range(0)),
        (edited(8), range(1, 6)),
        ([HISTORY[0], fact("u", 77), *HISTORY[1:]], range(0)),
        ([], range(0)),
        ([*HISTORY[:6], fact("t", 98)], range(0)),
    ],
    ids=[
        *("all", "without the system message", "pruned", "pruned beyond", "nothing follows", "edited inside"),
        *("edited after", "something before", "empty", "a result follows"),
    ],
)
def test_the_summarised_messages_are_found_by_their_keys(messages: list[MessageFacts], found: range) -> None:
    assert covered(messages, KEYS) == found


def test_they_are_found_after_a_system_message_in_the_middle() -> None:
    messages = [*history("sua"), fact("s", 50), *HISTORY[1:]]
    assert covered(messages, KEYS) == range(4, 9)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [(HISTORY, False), (edited(2), True), (edited(8), False), (HISTORY[:3], True), ([HISTORY[0], *HISTORY[6:]], False)],
    ids=["whole", "inside", "after", "cut short", "pruned beyond"],
)
def test_an_edit_of_a_summarised_message_is_noticed(messages: list[MessageFacts], expected: bool) -> None:
    assert is_edited(messages, KEYS) is expected


@given(letters(), st.integers(1, 6), st.integers(0, 40))
def test_what_was_covered_is_covered_again_with_more_after_it_and_less_before(text: str, keep: int, cut: int) -> None:
    assume("s" not in text[1:])
    messages = history(text)
    found = cover(messages, keep)
    assume(found)
    assert found
    key = keys(messages[found.first : found.stop])
    assert covered([*messages, *history("au")], key) == found.messages
    pruned = messages[: found.first] + messages[found.first + min(cut, len(found.messages)) :]
    left = covered(pruned, key)
    assert len(left) == max(0, len(found.messages) - cut)
    assert all(facts.role is not Role.SYSTEM for facts in pruned[left.start : left.stop])
