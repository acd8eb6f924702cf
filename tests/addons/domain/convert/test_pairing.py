"""Calls and results that do not fit together are named, never sent."""

import pytest

from addons.domain.convert.contract import ConvertError
from addons.domain.convert.conversation import Call, Part, Result, Text, Turn
from addons.domain.convert.pairing import paired
from addons.domain.messages import Role


def said(*parts: Part) -> Turn:
    return Turn(Role.ASSISTANT, parts, "messages[1]")


def results(*parts: Result) -> Turn:
    return Turn(Role.TOOL, parts, "messages[2]")


def call(call_id: str = "", name: str = "read", arguments: bytes = b"{}") -> Call:
    return Call(name, arguments, call_id)


USER = Turn(Role.USER, (Text("?"),), "messages[3]")


@pytest.mark.parametrize(
    ("turns", "message"),
    [
        ([said(call("a"))], r"messages\[1\]: no tool results for 'read' \(id 'a'\)"),
        ([said(call("a")), USER], r"messages\[3\]: expected tool results for .* of messages\[1\], got user"),
        ([said(call("a"), call("b")), results(Result("1", "a"))], "no tool results for 'read' .id 'b'"),
        ([said(call("a")), results(Result("1", "a"), Result("2", "b"))], "without a call before it .id 'b'"),
        ([said(call("a")), results(Result("1", "a"), Result("2", "a"))], "a second tool result .id 'a'"),
        ([USER, results(Result("1", "a"))], "a tool result without a call before it"),
        ([said(call("a"), call("a")), results(Result("1", "a"))], "two tool calls have the id 'a'"),
        ([said(call()), results(Result("1", "", "write"))], "without a call before it .id '', tool 'write'"),
        ([Turn(Role.USER, (call("a"),), "messages[0]")], r"messages\[0\]: a tool call in a message of the user"),
    ],
    ids=["none", "user between", "missing", "extra", "twice", "orphan", "same id", "other name", "by the user"],
)
def test_a_history_that_does_not_fit_is_refused(turns: list[Turn], message: str) -> None:
    with pytest.raises(ConvertError, match=message):
        paired(turns)


def test_results_get_the_order_and_the_names_of_their_calls() -> None:
    turns = paired([said(call("a", "one"), call("b", "two")), results(Result("2", "b"), Result("1", "a"))])
    assert turns[1].parts == (Result("1", "a", "one"), Result("2", "b", "two"))


def test_results_without_ids_are_told_apart_by_name_then_order() -> None:
    calls = said(call(name="one"), call(name="two"), call(name="one", arguments=b'{"x":1}'))
    turns = paired([calls, results(Result("2", "", "two"), Result("1", "", "one"), Result("3", "", "one"))])
    assert [part.text for part in turns[1].parts if isinstance(part, Result)] == ["1", "2", "3"]
    assert [one.call_id for one in turns[1].parts if isinstance(one, Result)] == [one.id for one in turns[0].calls]


def test_ids_that_are_made_up_stay_when_older_messages_are_dropped() -> None:
    older, newer = said(call(name="one")), said(call(name="two"))
    history = [older, results(Result("1", "", "one")), USER, newer, results(Result("2", "", "two"))]
    assert paired(history)[3:] == paired(history[3:])


def test_equal_calls_get_ids_of_their_own() -> None:
    history = [said(call()), results(Result("1", "", "read")), said(call()), results(Result("2", "", "read"))]
    turns = paired(history)
    assert turns[0].calls[0].id != turns[2].calls[0].id


def test_a_turn_that_was_stored_in_pieces_becomes_one() -> None:
    turns = paired(
        [said(Text("A")), said(call("a")), said(call("b")), results(Result("1", "a")), results(Result("2", "b"))]
    )
    assert turns[0].parts == (Text("A"), call("a"), call("b"))
    assert len(turns) == 2
