"""Whatever arrives: a request or an answer is refused by a ConvertError, and a stream never raises."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain import convert
from addons.domain.convert.contract import Notes

Json = dict[str, Any]
JUNK = st.sampled_from(
    [None, True, 0, -1.5, "", "x", [], {}, [1], ["x"], {"x": 1}, [[]], [{}], {"x": [None]}, "\u2028"]
)

OPENAI_REQUEST: Json = {
    "model": "m",
    "messages": [
        {"role": "system", "content": "S"},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
        {
            "role": "assistant",
            "content": "A",
            "reasoning_content": "Hm",
            "tool_calls": [
                {
                    "id": "a",
                    "type": "function",
                    "function": {"name": "f", "arguments": "{}"},
                    "extra_content": {"google": {"thought_signature": "s"}},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": "R"},
    ],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    "tool_choice": {"type": "function", "function": {"name": "f"}},
    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
    "reasoning": {"effort": "low"},
    "thinking": {"type": "disabled"},
    "stop": ["x"],
    "stream_options": {"include_usage": True},
}
GEMINI_REQUEST: Json = {
    "contents": [
        {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
        {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "s"}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"output": "R"}, "parts": [{}]}}]},
    ],
    "systemInstruction": {"parts": [{"text": "S"}]},
    "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT", "nullable": True}}]}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
    "generationConfig": {
        "stopSequences": ["x"],
        "thinkingConfig": {"thinkingBudget": 5},
        "responseMimeType": "application/json",
        "responseSchema": {"type": "OBJECT"},
    },
}
OPENAI_ANSWER: Json = {
    "id": "c",
    "model": "m",
    "choices": [
        {
            "index": 0,
            "delta": {
                "content": [{"type": "text", "text": "A"}],
                "tool_calls": OPENAI_REQUEST["messages"][2]["tool_calls"],
            },
            "message": {"content": "A", "images": [{"image_url": {"url": "data:,x"}}]},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 1}},
}
GEMINI_ANSWER: Json = {
    "candidates": [
        {
            "index": 0,
            "content": {"parts": [{"text": "A"}, *GEMINI_REQUEST["contents"][1]["parts"]]},
            "finishReason": "STOP",
        }
    ],
    "promptFeedback": {"blockReason": "X"},
    "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 2},
    "responseId": "r",
}


@st.composite
def spoilt(draw: st.DrawFn, value: Any) -> bytes:
    """The value with something else at one or two places in it."""
    for _ in range(draw(st.integers(1, 2))):
        value = _spoil(draw, value)
    return json.dumps(value).encode()


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not keys or draw(st.integers(0, 5)) == 0:
        return draw(JUNK)
    key = draw(st.sampled_from(keys))
    child = _spoil(draw, value[key])
    if isinstance(value, list):
        return [child if index == key else item for index, item in enumerate(value)]
    return value | {key: child}


@settings(max_examples=120, deadline=None)
@given(body=spoilt(OPENAI_REQUEST), reduced=st.booleans())
def test_a_request_in_openais_form_is_converted_or_refused(body: bytes, reduced: bool) -> None:
    try:
        converted = convert.request(body, "openai", "gemini", model="gemini-3-pro", reduced_schemas=reduced)
    except convert.ConvertError:
        return
    assert json.loads(converted.body)["contents"]


@settings(max_examples=120, deadline=None)
@given(body=spoilt(GEMINI_REQUEST))
def test_a_request_in_geminis_form_is_converted_or_refused(body: bytes) -> None:
    try:
        converted = convert.request(body, "gemini", "openai", model="m", path="/v1beta/models/g:generateContent")
    except convert.ConvertError:
        return
    assert json.loads(converted.body)["messages"]


ANSWERS = st.one_of(
    *(
        st.tuples(st.just(client), st.just(provider), spoilt(answer))
        for client, provider, answer in (("openai", "gemini", GEMINI_ANSWER), ("gemini", "openai", OPENAI_ANSWER))
    )
)


@settings(max_examples=120, deadline=None)
@given(case=ANSWERS)
def test_a_whole_answer_is_converted_or_refused(case: tuple[str, str, bytes]) -> None:
    client, provider, body = case
    reply = convert.Reply(client=client, provider=provider, model="m")
    try:
        json.loads(convert.answer(body, reply, now_s=1))
    except convert.ConvertError:
        return


@settings(max_examples=120, deadline=None)
@given(case=ANSWERS, array=st.booleans())
def test_a_stream_never_raises(case: tuple[str, str, bytes], array: bool) -> None:
    client, provider, body = case
    reply = convert.Reply(
        client=client, provider=provider, model="m", stream=True, json_array=array and client == "gemini"
    )
    converter = convert.stream(reply)
    said = converter.feed(b"data: " + body + b"\n\n") + converter.feed(b"data: [DONE]\n\n") + converter.close()
    assert isinstance(said, bytes)


@settings(max_examples=60, deadline=None)
@given(case=ANSWERS, status=st.sampled_from([200, 400, 401, 404, 429, 500, 599]))
def test_an_error_is_always_an_error(case: tuple[str, str, bytes], status: int) -> None:
    client, provider, body = case
    failure = convert.error(status, body, convert.Reply(client=client, provider=provider, model="m"))
    assert failure.status >= 400
    assert json.loads(failure.body)["error"]["message"]


def test_a_note_is_kept_once_in_the_order_of_the_first() -> None:
    notes = Notes()
    for note in ("b", "a", "b"):
        notes.add(note)
    assert notes.all() == ("b", "a")
