"""Tool calls of a stream in OpenAI's form, which arrive in pieces."""

import json
from typing import Any

import pytest

from addons.domain import convert

Json = dict[str, Any]


def parts(*deltas: Json, finish: str = "tool_calls") -> list[Json]:
    """What a Gemini client is told."""
    converter = convert.stream(convert.Reply(client="gemini", provider="openai", model="m", stream=True))
    events = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    said = b"".join(converter.feed(b"data: " + json.dumps(event).encode() + b"\n\n") for event in events)
    said += converter.close()
    pieces = [json.loads(event[6:]) for event in said.split(b"\r\n\r\n") if event]
    return [part for piece in pieces for one in piece["candidates"] for part in one["content"]["parts"]]


def piece(index: int | None, call_id: str = "", name: str = "", arguments: str = "") -> Json:
    call: Json = {"function": {"name": name, "arguments": arguments}} | ({"id": call_id} if call_id else {})
    return {"tool_calls": [call | ({} if index is None else {"index": index})]}


def test_calls_that_are_all_counted_zero_stay_apart() -> None:
    said = parts(piece(0, "a", "ls", "{}"), piece(0, "b", "ls", "{}"))
    assert [part["functionCall"]["id"] for part in said if "functionCall" in part] == ["a", "b"]


def test_pieces_without_an_index_belong_to_the_first_call() -> None:
    said = parts(piece(None, "a", "ls", '{"p"'), piece(None, "", "", ": 1}"))
    assert said[0]["functionCall"] == {"id": "a", "name": "ls", "args": {"p": 1}}


def test_calls_that_arrive_interleaved_are_put_together() -> None:
    said = parts(
        piece(0, "a", "ls", '{"p"'), piece(1, "b", "cat", "{"), piece(0, "", "", ": 1}"), piece(1, "", "", "}")
    )
    assert [part["functionCall"]["args"] for part in said[:2]] == [{"p": 1}, {}]


@pytest.mark.parametrize("arguments", ["", "[1]", "{oops", "null"])
def test_arguments_that_are_no_object_are_kept_as_one(arguments: str) -> None:
    expected = {"_raw": arguments} if arguments else {}
    assert parts(piece(0, "a", "ls", arguments))[0]["functionCall"]["args"] == expected


def test_a_signature_of_a_call_is_passed_on() -> None:
    signed = {"extra_content": {"google": {"thought_signature": "s"}}}
    delta = piece(0, "a", "ls", "{}")
    delta["tool_calls"][0] |= signed
    assert parts(delta)[0]["thoughtSignature"] == "s"
