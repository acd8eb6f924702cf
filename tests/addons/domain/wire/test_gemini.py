import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.wire import FORMATS, WireError
from addons.domain.wire.gemini import Gemini, text_of_response

CONTINUE = Path(__file__).parents[3] / "data" / "continue"

wire = Gemini()


def encode(value: Any) -> bytes:
    return msgspec.json.encode(value)


def test_a_body_of_continue_is_cut_at_its_contents() -> None:
    body = (CONTINUE / "gemini_chat.json").read_bytes()
    expected = json.loads(body)
    request = wire.parse_request(body)
    assert [json.loads(request.raw(span)) for span in request.messages] == expected["contents"]
    assert request.system is not None
    assert json.loads(request.raw(request.system)) == expected["systemInstruction"]
    assert request.tools is not None
    assert json.loads(request.raw(request.tools)) == expected["tools"]
    assert request.splice({}) == body
    messages = [wire.parse_message(request.raw(span)) for span in request.messages]
    assert [message.role for message in messages] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.TOOL]
    call, result = messages[1].parts[0], messages[2].parts[0]
    assert (call.name, result.name, call.call_id) == ("Read", "Read", result.call_id)
    assert result.text.startswith("Content of pytest.log:\n")


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ({"generationConfig": {"maxOutputTokens": 5}}, 5),
        ({"generation_config": {"max_output_tokens": 6}}, 6),
        ({"generationConfig": {}}, None),
        ({"generationConfig": None}, None),
    ],
    ids=["camel case", "snake case", "not given", "null"],
)
def test_the_output_limit_is_in_the_generation_config(body: dict[str, Any], limit: int | None) -> None:
    assert wire.parse_request(encode(body)).max_output_tokens == limit


@pytest.mark.parametrize(
    ("body", "prompt"),
    [
        ({"content": {"parts": [{"text": "a"}, {"text": "b"}]}}, "ab"),
        ({"requests": [{"content": {"parts": [{"text": "a"}]}}, {"content": {"parts": [{"text": "b"}]}}]}, "ab"),
        ({"requests": [None, {"content": None}]}, ""),
        ({"requests": "odd"}, ""),
        ({"requests": True}, ""),
    ],
    ids=["embedContent", "batchEmbedContents", "nothing in it", "a string", "a truth value"],
)
def test_the_prompt_of_an_embedding_is_its_text(body: dict[str, Any], prompt: str) -> None:
    assert wire.parse_request(encode(body)).prompt == prompt


@pytest.mark.parametrize("body", [b"[]", b'{"contents":{}}', b'{"contents":[],"contents":[]}', b'{"contents":[}'])
def test_a_body_that_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        wire.parse_request(body)


@pytest.mark.parametrize(
    "system",
    [{"parts": [{"text": "be brief"}]}, {"role": "user", "parts": [{"text": "be brief"}]}, "be brief"],
    ids=["content", "content with a role", "string"],
)
@pytest.mark.parametrize("key", ["systemInstruction", "system_instruction"])
def test_the_system_instruction_is_a_system_message(key: str, system: Any) -> None:
    request = wire.parse_request(encode({key: system}))
    assert request.system is not None
    message = wire.parse_system(request.raw(request.system))
    assert (message.role, message.text) == (Role.SYSTEM, "be brief")


PARTS: dict[str, tuple[dict[str, Any], Part]] = {
    "text": ({"text": "größe"}, Part(PartType.TEXT, "größe")),
    "empty text with a signature": ({"text": "", "thoughtSignature": "c2ln"}, Part(PartType.TEXT)),
    "thought": ({"text": "hm", "thought": True}, Part(PartType.REASONING, "hm")),
    "image": ({"inlineData": {"mimeType": "image/png", "data": "AAAA"}}, Part(PartType.IMAGE)),
    "image, snake case": ({"inline_data": {"mime_type": "image/png", "data": "AAAA"}}, Part(PartType.IMAGE)),
    "file": ({"fileData": {"fileUri": "gs://x"}}, Part(PartType.IMAGE)),
    "call": (
        {"functionCall": {"id": "1", "name": "ls", "args": {"path": "."}}, "thoughtSignature": "c2ln"},
        Part(PartType.TOOL_CALL, '{"path":"."}', "ls", "1"),
    ),
    "call, snake case": ({"function_call": {"name": "ls", "args": {}}}, Part(PartType.TOOL_CALL, "{}", "ls")),
    "call without arguments": ({"functionCall": {"name": "ls"}}, Part(PartType.TOOL_CALL, "", "ls")),
    "result": (
        {"functionResponse": {"id": "1", "name": "ls", "response": {"content": "a\nb"}}},
        Part(PartType.TOOL_RESULT, "a\nb", "ls", "1"),
    ),
    "result, snake case": (
        {"function_response": {"name": "ls", "response": {"output": "a"}}},
        Part(PartType.TOOL_RESULT, "a", "ls"),
    ),
    "code": ({"executableCode": {"language": "PYTHON", "code": "1+1"}}, Part(PartType.OTHER, "1+1")),
    "code's output": ({"codeExecutionResult": {"outcome": "OK", "output": "2"}}, Part(PartType.OTHER, "2")),
    "unknown": ({"somethingNew": {}}, Part(PartType.OTHER)),
}


@pytest.mark.parametrize(("raw", "part"), PARTS.values(), ids=PARTS)
def test_a_part_is_read(raw: dict[str, Any], part: Part) -> None:
    assert wire.parse_message(encode({"role": "user", "parts": [raw]})).parts == (part,)


@pytest.mark.parametrize(
    ("role", "expected"),
    [("user", Role.USER), ("model", Role.ASSISTANT), ("function", Role.TOOL), (None, Role.USER)],
)
def test_a_role_is_read(role: str | None, expected: Role) -> None:
    assert wire.parse_message(encode({"role": role, "parts": [{"text": "x"}]})).role == expected


def test_text_merged_behind_a_result_leaves_it_the_content_of_a_result() -> None:
    raw = {"role": "user", "parts": [{"functionResponse": {"name": "ls", "response": {}}}, {"text": "Go on."}]}
    message = wire.parse_message(encode(raw))
    assert (message.role, message.text) == (Role.TOOL, "Go on.")


def test_a_content_without_parts_is_empty() -> None:
    assert wire.parse_message(b'{"role":"model"}') == Message(Role.ASSISTANT)


@pytest.mark.parametrize(
    "raw",
    [
        b"1",
        b'{"role":"critic"}',
        b'{"parts":[1]}',
        b'{"parts":[{"text":5}]}',
        b'{"parts":[{"functionResponse":{"response":{"output":"\xff"}}}]}',
        b'{"parts":',
        b"[" * 100_000,
    ],
)
def test_what_is_no_content_is_refused(raw: bytes) -> None:
    with pytest.raises(WireError):
        wire.parse_message(raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'{"content":"a"}', "a"),
        (b'{"output":"a"}', "a"),
        (b'{"result": "a"}', "a"),
        (b'{"content": 5}', '{"content": 5}'),
        (b'{"content":"a","more":1}', '{"content":"a","more":1}'),
        (b'{"stdout":"a"}', '{"stdout":"a"}'),
        (b"null", ""),
        (b"", ""),
    ],
)
def test_a_response_is_its_only_string_or_its_json(raw: bytes, text: str) -> None:
    assert text_of_response(raw) == text


def test_the_format_is_in_the_table() -> None:
    assert isinstance(FORMATS["gemini"], Gemini)


KEYS = [
    "candidates",
    "content",
    "parts",
    "text",
    "thought",
    "functionCall",
    "functionResponse",
    "args",
    "response",
    "name",
    "usageMetadata",
    "promptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "totalTokenCount",
    "role",
    "error",
    "contents",
    "generationConfig",
    "requests",
    "promptFeedback",
    "executableCode",
    "systemInstruction",
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
