import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.wire import FORMATS, WireError
from addons.domain.wire.openai import OpenAI

CONTINUE = Path(__file__).parents[3] / "data" / "continue"
OPENAI_BODIES = sorted(path for path in CONTINUE.glob("*.json") if not path.name.startswith("gemini"))

wire = OpenAI()


def encode(value: Any) -> bytes:
    return msgspec.json.encode(value)


@pytest.mark.parametrize("path", OPENAI_BODIES, ids=lambda path: path.stem)
def test_a_body_of_continue_is_cut_at_its_messages(path: Path) -> None:
    body = path.read_bytes()
    expected = json.loads(body)
    request = wire.parse_request(body)
    assert request.model == expected["model"]
    assert request.stream is expected["stream"]
    assert request.max_output_tokens == expected.get("max_tokens")
    assert [json.loads(request.raw(span)) for span in request.messages] == expected.get("messages", [])
    assert (json.loads(request.raw(request.tools)) if request.tools else None) == expected.get("tools")
    assert request.prompt == expected.get("prompt", "") + expected.get("suffix", "")
    assert request.splice({}) == body


@pytest.mark.parametrize(
    ("body", "prompt"),
    [
        ({"prompt": "a", "suffix": "b"}, "ab"),
        ({"prompt": ["a", "b"]}, "a\nb"),
        ({"input": "text"}, "text"),
        ({"input": ["one", "two"]}, "one\ntwo"),
        ({"input": [[1, 2], [3]]}, "\n"),
        ({"input": 5}, ""),
        ({"query": "q", "documents": ["a", {"text": "b"}]}, "qa\nb"),
        ({"messages": [], "prompt": {"id": "p"}}, ""),
    ],
    ids=["fill-in-the-middle", "prompts", "embedding", "embeddings", "token numbers", "odd", "rerank", "prompt object"],
)
def test_the_prompt_is_the_text_that_is_sent(body: dict[str, Any], prompt: str) -> None:
    assert wire.parse_request(encode(body)).prompt == prompt


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"max_tokens": 5}, 5),
        ({"max_completion_tokens": 6}, 6),
        ({"max_tokens": 5, "max_completion_tokens": 6}, 6),
        ({"max_tokens": 5, "max_completion_tokens": None}, 5),
        ({"max_tokens": "5"}, None),
        ({}, None),
    ],
    ids=["max_tokens", "max_completion_tokens", "both", "null", "string", "neither"],
)
def test_the_output_limit_goes_by_both_names(fields: dict[str, Any], expected: int | None) -> None:
    assert wire.parse_request(encode(fields)).max_output_tokens == expected


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"messages":{}}', b'{"messages":null}', b'{"model":"a","model":"b"}', b'{"model":"\xff"}'],
)
def test_a_body_that_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        wire.parse_request(body)


def test_only_an_array_of_tools_counts_as_tools() -> None:
    assert wire.parse_request(b'{"tools":null}').tools is None
    request = wire.parse_request(b'{"functions": [{"name":"f"}]}')
    assert request.tools is not None
    assert request.raw(request.tools) == b'[{"name":"f"}]'


def text(value: str) -> Part:
    return Part(PartType.TEXT, value)


MESSAGES: dict[str, tuple[dict[str, Any], Message]] = {
    "system": ({"role": "system", "content": "s"}, Message(Role.SYSTEM, (text("s"),))),
    "developer": ({"role": "developer", "content": "s"}, Message(Role.SYSTEM, (text("s"),))),
    "user": ({"role": "user", "content": "größe", "name": "me"}, Message(Role.USER, (text("größe"),))),
    "parts": (
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "look", "cache_control": {"type": "ephemeral"}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "auto"}},
                {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
                {"type": "text", "text": "here"},
            ],
        },
        Message(Role.USER, (text("look"), Part(PartType.IMAGE), Part(PartType.OTHER), text("here"))),
    ),
    "thinking": (
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
                {"type": "text", "text": "a"},
            ],
        },
        Message(Role.ASSISTANT, (Part(PartType.REASONING, "hm"), text("a"))),
    ),
    "Kimi": (
        {
            "role": "assistant",
            "reasoning_content": "hm",
            "content": " ",
            "tool_calls": [
                {"id": "Read:0", "type": "function", "function": {"name": "Read", "arguments": '{"a":"ö"}'}},
                {"id": "Read:1", "type": "function", "function": {"name": "Read", "arguments": ""}},
            ],
        },
        Message(
            Role.ASSISTANT,
            (
                Part(PartType.REASONING, "hm"),
                text(" "),
                Part(PartType.TOOL_CALL, '{"a":"ö"}', "Read", "Read:0"),
                Part(PartType.TOOL_CALL, "", "Read", "Read:1"),
            ),
        ),
    ),
    "OpenRouter": (
        {"role": "assistant", "content": "a", "reasoning": "hm", "reasoning_details": [{"text": "hm"}]},
        Message(Role.ASSISTANT, (Part(PartType.REASONING, "hm"), text("a"))),
    ),
    "details only": (
        {"role": "assistant", "content": None, "reasoning_details": [{"text": "a"}, {"summary": "b"}, {"data": "c"}]},
        Message(Role.ASSISTANT, (Part(PartType.REASONING, "ab"),)),
    ),
    "arguments as an object": (
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": {"a": 1}}}]},
        Message(Role.ASSISTANT, (Part(PartType.TOOL_CALL, '{"a":1}', "f", "1"),)),
    ),
    "custom tool": (
        {"role": "assistant", "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "f", "input": "x"}}]},
        Message(Role.ASSISTANT, (Part(PartType.TOOL_CALL, "x", "f", "1"),)),
    ),
    "function call": (
        {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}, "tool_calls": None},
        Message(Role.ASSISTANT, (Part(PartType.TOOL_CALL, "{}", "f"),)),
    ),
    "refusal": ({"role": "assistant", "refusal": "no"}, Message(Role.ASSISTANT, (text("no"),))),
    "tool": (
        {"role": "tool", "tool_call_id": "1", "name": "ls", "content": "a\nb"},
        Message(Role.TOOL, (Part(PartType.TOOL_RESULT, "a\nb", "ls", "1"),)),
    ),
    "tool with parts": (
        {"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}]},
        Message(Role.TOOL, (Part(PartType.TOOL_RESULT, "a", "", "1"), Part(PartType.IMAGE, "", "", "1"))),
    ),
    "function": (
        {"role": "function", "name": "ls", "content": "a"},
        Message(Role.TOOL, (Part(PartType.TOOL_RESULT, "a", "ls"),)),
    ),
    "tools in a message": (
        {"role": "system", "content": "s", "tools": [{"type": "function"}]},
        Message(Role.SYSTEM, (text("s"), Part(PartType.OTHER, '[{"type":"function"}]'))),
    ),
}


@pytest.mark.parametrize(("raw", "message"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_read(raw: dict[str, Any], message: Message) -> None:
    assert wire.parse_message(encode(raw)) == message


@pytest.mark.parametrize(
    "raw",
    [
        b"1",
        b"{}",
        b'{"role":1}',
        b'{"role":"critic"}',
        b'{"role":"user","content":"\xff"}',
        b'{"role":"user"',
        b'{"role":"assistant","tool_calls":[{"function":{"arguments":"\xff"}}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises(WireError):
        wire.parse_message(raw)


def test_fields_and_numbers_survive_a_rewritten_message() -> None:
    body = (
        b'{ "temperature":1e2,"x":123456789012345678901,\n"messages":[ {"role":"user"} ,{"role":"tool"}],"y":"\\u00e9"}'
    )
    request = wire.parse_request(body)
    assert request.splice({request.messages[1]: b"{}"}) == body.replace(b'{"role":"tool"}', b"{}")


def test_the_format_is_in_the_table() -> None:
    assert isinstance(FORMATS["openai"], OpenAI)


KEYS = [
    "choices",
    "index",
    "delta",
    "message",
    "text",
    "finish_reason",
    "usage",
    "content",
    "error",
    "x_groq",
    "object",
    "tool_calls",
    "function",
    "name",
    "arguments",
    "reasoning_content",
    "reasoning_details",
    "prompt_tokens",
    "cost",
    "completion_tokens",
    "completion_tokens_details",
    "reasoning_tokens",
    "role",
    "messages",
    "model",
    "thinking",
    "type",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["user", "text", "", "\ud800", "x"])
SHAPES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=15,
)


@given(SHAPES)
def test_no_shape_makes_reading_fail_but_with_a_refusal(value: Any) -> None:
    raw = json.dumps(value).encode()
    wire.answer_of_body(raw)
    for read in (wire.parse_request, wire.parse_message, wire.parse_system):
        try:
            read(raw)
        except WireError:
            continue
