"""Sums over a request's messages; what they come to is in test_composition."""

import json
from typing import Any

from addons.domain.filling import Filling
from addons.domain.memory import TOOL_RESULT
from addons.domain.reading import Reader
from addons.domain.tokens import TokenCounter
from addons.domain.wire import FORMATS

READER = Reader(FORMATS["openai"], TokenCounter())
FACT = " the build uses ninja" * 8
SERVERS = ("memory",)


def call(name: str, call_id: str) -> dict[str, Any]:
    function = {"name": name, "arguments": "{}"}
    return {"role": "assistant", "content": "", "tool_calls": [{"id": call_id, "function": function}]}


def result(text: str, call_id: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


def filling(*messages: dict[str, Any], before: Filling | None = None) -> Filling:
    request = FORMATS["openai"].parse_request(json.dumps({"messages": messages}).encode())
    return (before or Filling(SERVERS)).extended(READER.read(request).messages)


HISTORY = (call("memory_read", "1"), result(FACT, "1"), call("ls", "2"), result("a b", "2"))


def test_a_result_is_of_the_tool_that_was_called() -> None:
    found = filling(*HISTORY)
    assert (found.parts["memory"], found.tools) == (32, {"ls": 2})
    (segment,) = found.segments.values()
    assert (segment.type, segment.server, segment.tokens) == (TOOL_RESULT, "memory", 32)


def test_an_id_that_comes_again_means_the_latest_call() -> None:
    found = filling(*HISTORY, call("memory_read", "2"), result(FACT + ".", "2"), before=filling(*HISTORY))
    assert (found.parts["memory"], found.tools) == (65, {"ls": 2})


def test_markers_within_a_memory_result_are_part_of_it() -> None:
    found = filling(call("memory_read", "1"), result(f"{FACT}[MEMORY]{FACT}[/MEMORY]", "1"))
    assert [segment.tokens for segment in found.segments.values()] == [70]


def test_the_same_segment_is_one_however_often_it_stands_there() -> None:
    notes = {"role": "user", "content": f"[MEMORY]{FACT}[/MEMORY]"}
    found = filling(notes, notes)
    assert (len(found.segments), found.parts["memory"]) == (1, 76)


def test_a_request_that_goes_on_sums_only_what_is_new() -> None:
    before = filling(*HISTORY)
    assert filling(*HISTORY, before=before) is before
    after = filling(*HISTORY, {"role": "user", "content": "Go on."}, before=before)
    assert all(one is other for one, other in zip(before.shares, after.shares, strict=False))
    assert after == filling(*HISTORY, {"role": "user", "content": "Go on."})


def test_an_edited_history_is_summed_anew() -> None:
    assert filling(*HISTORY[2:], before=filling(*HISTORY)) == filling(*HISTORY[2:])
