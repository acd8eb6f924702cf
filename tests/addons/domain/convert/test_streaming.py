"""Streams, in both directions and framings: cut at any byte, cut short, failing in the middle."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain import convert

Json = dict[str, Any]
DATA = Path(__file__).parents[4] / "tests" / "data"
TO_OPENAI = convert.Reply(client="openai", provider="gemini", model="g", stream=True, include_usage=True)
TO_GEMINI = convert.Reply(client="gemini", provider="openai", model="m", stream=True)
TO_ARRAY = convert.Reply(client="gemini", provider="openai", model="m", stream=True, json_array=True)


def gemini(*parts: Json, finish: str = "", usage: Json | None = None, **fields: Any) -> Json:
    candidate: Json = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    candidate |= {"finishReason": finish} if finish else {}
    body: Json = {"candidates": [candidate], "responseId": "r-1", "modelVersion": "gemini-3-pro"}
    return body | ({"usageMetadata": usage} if usage else {}) | fields


def sse(*events: Json, end: str = "\r\n\r\n") -> bytes:
    return b"".join(b"data: " + json.dumps(event, ensure_ascii=False).encode() + end.encode() for event in events)


def openai(delta: Json, finish: str | None = None, **fields: Any) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c-1", "object": "chat.completion.chunk", "model": "kimi", "choices": [choice]} | fields


def run(reply: convert.Reply, body: bytes, *cuts: int, content_type: str = "text/event-stream") -> bytes:
    """The whole answer, its bytes arriving in pieces."""
    converter = convert.stream(reply, content_type, now_s=7)
    pieces = [body[start:end] for start, end in pairwise((0, *cuts, len(body)))]
    return b"".join([*map(converter.feed, pieces), converter.close()])


def chunks(said: bytes) -> list[Json]:
    """The events of a stream in OpenAI's form, without its end."""
    return [json.loads(event[6:]) for event in said.split(b"\n\n") if event and event != b"data: [DONE]"]


def deltas(said: bytes) -> list[Json]:
    return [chunk["choices"][0]["delta"] for chunk in chunks(said) if chunk["choices"]]


def pieces(said: bytes) -> list[Json]:
    """The events of a stream in Gemini's form."""
    return [json.loads(event[6:]) for event in said.split(b"\r\n\r\n") if event]


def parts(said: bytes) -> list[Json]:
    return [part for piece in pieces(said) for one in piece["candidates"] for part in one["content"]["parts"]]


THINKING = sse(
    gemini(
        {"text": "Hm", "thought": True}, usage={"promptTokenCount": 10, "totalTokenCount": 12, "thoughtsTokenCount": 2}
    ),
    gemini({"text": "Grö"}),
    gemini({"text": "ße"}, {"functionCall": {"name": "ls", "args": {"p": "."}}, "thoughtSignature": "c2ln"}),
    gemini({"functionCall": {"name": "ls", "args": {"p": "."}}}),
    gemini(
        {"text": ""},
        finish="STOP",
        usage={
            "promptTokenCount": 10,
            "candidatesTokenCount": 5,
            "totalTokenCount": 17,
            "thoughtsTokenCount": 2,
            "cachedContentTokenCount": 4,
        },
    ),
)
KIMI = (
    sse(
        openai({"role": "assistant", "content": ""}),
        openai({"reasoning_content": "Hm"}),
        openai({"content": "Grö"}),
        openai({"content": "ße"}),
        openai(
            {"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "ls", "arguments": ""}}]}
        ),
        openai({"tool_calls": [{"index": 0, "function": {"arguments": '{"p": '}}]}),
        openai(
            {"tool_calls": [{"index": 1, "id": "b", "type": "function", "function": {"name": "ls", "arguments": ""}}]}
        ),
        openai({"tool_calls": [{"index": 0, "function": {"arguments": '"."}'}}]}),
        openai({}, "tool_calls"),
        {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5, "cached_tokens": 4}},
        end="\n\n",
    )
    + b"data: [DONE]\n\n"
)


def test_thought_text_and_calls_arrive_in_openais_form() -> None:
    said = run(TO_OPENAI, THINKING)
    first, second = (delta["tool_calls"][0] for delta in deltas(said) if "tool_calls" in delta)
    assert [delta for delta in deltas(said) if "tool_calls" not in delta] == [
        {"role": "assistant", "content": ""},
        {"reasoning_content": "Hm"},
        {"content": "Grö"},
        {"content": "ße"},
        {},
    ]
    assert (first["index"], second["index"]) == (0, 1)
    assert first["function"] == {"name": "ls", "arguments": '{"p": "."}'}
    assert first["id"] != second["id"]
    assert first["extra_content"] == {"google": {"thought_signature": "c2ln"}}
    assert said.endswith(b"data: [DONE]\n\n")


def test_a_call_in_an_early_event_makes_the_finish_one_of_calls() -> None:
    finishes = [choice["finish_reason"] for chunk in chunks(run(TO_OPENAI, THINKING)) for choice in chunk["choices"]]
    assert finishes == [None] * (len(finishes) - 1) + ["tool_calls"]


def test_usage_is_the_last_that_was_told_and_thoughts_are_part_of_the_completion() -> None:
    assert chunks(run(TO_OPENAI, THINKING))[-1]["usage"] == {
        "prompt_tokens": 10,
        "completion_tokens": 7,
        "total_tokens": 17,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }


def test_usage_is_told_only_to_a_client_that_asked() -> None:
    reply = convert.Reply(client="openai", provider="gemini", model="g", stream=True)
    assert b'"usage"' not in run(reply, THINKING)


def test_text_and_whole_calls_arrive_in_geminis_form() -> None:
    said = run(TO_GEMINI, KIMI)
    assert parts(said) == [
        {"text": "Hm", "thought": True},
        {"text": "Grö"},
        {"text": "ße"},
        {"functionCall": {"id": "a", "name": "ls", "args": {"p": "."}}},
        {"functionCall": {"id": "b", "name": "ls", "args": {}}},
        {"text": ""},
    ]
    last = pieces(said)[-1]
    assert last["candidates"][0]["finishReason"] == "STOP"
    assert last["usageMetadata"] == {
        "promptTokenCount": 10,
        "candidatesTokenCount": 5,
        "totalTokenCount": 15,
        "cachedContentTokenCount": 4,
    }


def test_a_client_without_alt_sse_gets_one_array() -> None:
    said = run(TO_ARRAY, KIMI)
    assert json.loads(said) == pieces(run(TO_GEMINI, KIMI))
    assert said.startswith(b"[{")


def test_what_is_streamed_is_valid_by_the_sdks() -> None:
    google = pytest.importorskip("google.genai.types")
    chat = pytest.importorskip("openai.types.chat")
    for piece in pieces(run(TO_GEMINI, KIMI)):
        google.GenerateContentResponse.model_validate(piece)
    for chunk in chunks(run(TO_OPENAI, THINKING)):
        chat.ChatCompletionChunk.model_validate(chunk)


ARRAY = b"[" + b"\r\n,\r\n".join(event[6:] for event in THINKING.split(b"\r\n\r\n") if event) + b"]"


@pytest.mark.parametrize(
    ("reply", "body", "content_type"),
    [
        pytest.param(TO_OPENAI, THINKING, "text/event-stream", id="gemini events"),
        pytest.param(TO_OPENAI, ARRAY, "application/json", id="gemini array"),
        pytest.param(TO_GEMINI, KIMI, "text/event-stream", id="openai events"),
        pytest.param(TO_ARRAY, KIMI, "text/event-stream", id="openai events to array"),
    ],
)
def test_a_stream_cut_at_any_byte_says_the_same(reply: convert.Reply, body: bytes, content_type: str) -> None:
    whole = run(reply, body, content_type=content_type)
    assert run(reply, body, *range(1, len(body)), content_type=content_type) == whole
    for cut in range(1, len(body), 3):
        assert run(reply, body, cut, content_type=content_type) == whole


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_stream_that_breaks_off_never_looks_complete(data: st.DataObject) -> None:
    reply, body = data.draw(st.sampled_from([(TO_OPENAI, THINKING), (TO_GEMINI, KIMI), (TO_ARRAY, KIMI)]))
    finish = body.index(b"finishReason") if body is THINKING else body.index(b'"finish_reason": "tool_calls"')
    said = run(reply, body[: data.draw(st.integers(0, finish))])
    assert b"[DONE]" not in said
    assert b'"finishReason"' not in said
    assert b'"finish_reason":"' not in said
    assert not said.endswith(b"]")


def test_text_goes_out_with_the_event_that_brought_it() -> None:
    converter = convert.stream(TO_OPENAI)
    assert b'"content":"now"' in converter.feed(sse(gemini({"text": "now"})))
    converter = convert.stream(TO_GEMINI)
    assert b'"text":"now"' in converter.feed(sse(openai({"content": "now"}), end="\n\n"))


def test_a_prompt_that_was_blocked_ends_as_filtered() -> None:
    said = run(TO_OPENAI, sse({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 3}}))
    assert [delta["refusal"] for delta in deltas(said) if "refusal" in delta] == [
        "The provider refused the prompt: SAFETY."
    ]
    assert chunks(said)[-2]["choices"][0]["finish_reason"] == "content_filter"


def test_a_signature_alone_is_passed_on() -> None:
    said = run(TO_OPENAI, sse(gemini({"text": "", "thoughtSignature": "c2ln"}, finish="STOP")))
    assert {"content": "", "extra_content": {"google": {"thought_signature": "c2ln"}}} in deltas(said)


QUOTA = {"error": {"code": 429, "message": "Slow down", "status": "RESOURCE_EXHAUSTED"}}


@pytest.mark.parametrize(
    "failing",
    [sse(QUOTA), json.dumps(QUOTA).encode() + b"\n\n", json.dumps([QUOTA], indent=1).encode() + b"\n\n"],
    ids=["event", "bare", "bare array"],
)
def test_an_error_in_the_middle_is_the_last_that_is_said(failing: bytes) -> None:
    converter = convert.stream(TO_OPENAI)
    said = converter.feed(sse(gemini({"text": "A"})) + failing + sse(gemini({"text": "B"}, finish="STOP")))
    said += converter.close()
    assert converter.failed
    assert chunks(said)[-1]["error"] == {
        "message": "Slow down",
        "type": "rate_limit_error",
        "param": None,
        "code": "rate_limit_exceeded",
    }
    assert b"[DONE]" not in said
    assert b'"B"' not in said


@pytest.mark.parametrize(
    "failing",
    [
        {
            "error": {"message": "Overloaded", "code": 503},
            "choices": [{"index": 0, "delta": {}, "finish_reason": "error"}],
        },
        {"choices": [], "x_groq": {"error": "Overloaded"}},
    ],
    ids=["openrouter", "groq"],
)
def test_an_error_in_the_middle_reaches_a_gemini_client(failing: Json) -> None:
    said = run(TO_ARRAY, sse(openai({"content": "A"}), failing, end="\n\n"))
    assert json.loads(said)[-1]["error"] == {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}


def test_an_event_that_cannot_be_read_is_an_error_not_a_gap() -> None:
    converter = convert.stream(TO_OPENAI)
    said = converter.feed(sse(gemini({"text": "A"})) + b"data: {nonsense\n\n")
    assert converter.failed
    assert "cannot be read" in chunks(said)[-1]["error"]["message"]
    assert converter.close() == b""


RECORDED = [path for path in sorted((DATA / "openai").glob("*.sse")) if path.stem != "completions"]
"""Of chat; legacy completions are none."""


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_streams_of_every_dialect_are_converted(path: Path) -> None:
    said = run(TO_GEMINI, path.read_bytes())
    assert pieces(said)[-1]["candidates"][0]["finishReason"] in ("STOP", "MAX_TOKENS")
    assert pieces(said)[-1]["usageMetadata"]["promptTokenCount"] > 0


def test_recorded_streams_of_gemini_are_converted_alike_in_both_framings() -> None:
    events = run(TO_OPENAI, (DATA / "gemini" / "stream.sse").read_bytes())
    array = run(TO_OPENAI, (DATA / "gemini" / "stream.json").read_bytes(), content_type="application/json")
    assert events == array
    assert events.endswith(b"data: [DONE]\n\n")
