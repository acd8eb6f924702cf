from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.usage import Usage
from addons.domain.wire import FORMATS, StreamEvent
from addons.domain.wire.openai_answer import read_event, read_usage

DATA = Path(__file__).parents[3] / "data" / "openai"


def read(stream: bytes, at: int = 0, want_text: bool = True) -> list[StreamEvent]:
    reader = FORMATS["openai"].stream_reader("text/event-stream; charset=utf-8", want_text=want_text)
    return reader.feed(stream[:at]) + reader.feed(stream[at:]) + reader.close()


def last_usage(events: list[StreamEvent]) -> Usage | None:
    return next((event.usage for event in reversed(events) if event.usage), None)


STREAMS = {
    "kimi": (Usage(8, 8, 11), "Größe", "Think."),
    "groq": (Usage(18, None, 439), "", 'Hm.ls{"path":"."}'),
    "cerebras": (Usage(69, 32, 45, 8), "Hello world", ""),
    "openrouter": (Usage(194, 0, 2, 0, 0.95), "Hi", "So."),
    "openai": (Usage(1200, 1024, 40, 0), "A", ""),
    "mistral": (Usage(11, 4, 9), "Yes.", "Let me see."),
    "siliconflow": (Usage(30, 16, 2), "xy", ""),
    "completions": (None, "return a + b", ""),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_tells_usage_text_and_end(name: str) -> None:
    usage, text, other_text = STREAMS[name]
    events = read((DATA / f"{name}.sse").read_bytes())
    assert last_usage(events) == usage
    assert "".join(event.text for event in events) == text
    assert "".join(event.other_text for event in events) == other_text
    assert events[-1].finished
    assert not any(event.error for event in events)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_cut_at_any_byte_tells_the_same(name: str) -> None:
    stream = (DATA / f"{name}.sse").read_bytes()
    whole = read(stream)
    assert all(read(stream, at) == whole for at in range(len(stream)))


@pytest.mark.parametrize("name", STREAMS)
def test_without_text_usage_and_end_stay(name: str) -> None:
    events = read((DATA / f"{name}.sse").read_bytes(), want_text=False)
    assert last_usage(events) == STREAMS[name][0]
    assert events[-1].finished
    assert {event.text + event.other_text for event in events} == {""}


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        ({"usage": {"prompt_tokens": 1}, "choices": [{"usage": {"prompt_tokens": 2}}]}, Usage(1)),
        (
            {"usage": None, "choices": [{"usage": {"prompt_tokens": 2}}], "x_groq": {"usage": {"prompt_tokens": 3}}},
            Usage(2),
        ),
        ({"choices": [{}], "x_groq": {"usage": {"prompt_tokens": 3}}}, Usage(3)),
        ({"choices": None, "usage": {"prompt_tokens": 1}}, Usage(1)),
        ({"choices": "odd", "usage": {"prompt_tokens": 1}}, Usage(1)),
        ({"usage": {}, "choices": [{"usage": {"prompt_tokens": 2}}]}, Usage(2)),
        ({"usage": "odd"}, None),
        ({"usage": None}, None),
    ],
    ids=["answer", "first choice", "Groq", "no choices", "choices of no known shape", "empty", "a string", "null"],
)
def test_usage_is_taken_from_the_first_place_that_has_it(body: dict[str, Any], usage: Usage | None) -> None:
    event = read_event(msgspec.json.encode(body))
    assert (event and event.usage) == usage


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 1}, "cached_tokens": 2}, Usage(9, 1)),
        ({"prompt_tokens": 9, "prompt_tokens_details": None, "cached_tokens": 2}, Usage(9, 2)),
        ({"prompt_tokens": 9, "num_cached_tokens": 3}, Usage(9, 3)),
        ({"prompt_tokens": 9, "prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 5}, Usage(9, 4)),
        ({"prompt_tokens": 9, "cached_tokens": 10}, Usage(9, 9)),
        ({"prompt_tokens": 9.0, "completion_tokens": "3", "total_tokens": True}, Usage(9)),
        ({"prompt_tokens": 9, "completion_tokens": -1}, Usage(9)),
        ({"total_tokens": 7}, Usage(7)),
        ({"prompt_tokens": 7, "total_tokens": 7}, Usage(7)),
        ({"cost": 0.5}, Usage(cost_usd=0.5)),
        (
            {"prompt_tokens": 1, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 4}},
            Usage(1, None, 5, 4),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "total_tokens": 19,
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
            Usage(10, None, 9, 4),
        ),
        ({"completion_tokens": 2, "completion_tokens_details": {"reasoning_tokens": 4}}, Usage(None, None, 6, 4)),
        ({}, None),
        ({"cost": None}, None),
        ([], None),
    ],
    ids=[
        "details before cached_tokens",
        "Kimi",
        "Mistral",
        "SiliconFlow",
        "cached never exceeds the prompt",
        "a whole float counts, a string and a truth value do not",
        "negative",
        "rerank",
        "embeddings",
        "cost alone",
        "reasoning within the completion",
        "reasoning beside the completion, by the total",
        "reasoning beside the completion, by its size",
        "empty",
        "nothing",
        "no object",
    ],
)
def test_every_dialect_of_usage_is_understood(usage: Any, expected: Usage | None) -> None:
    assert read_usage(msgspec.json.encode(usage)) == expected


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'{"error":{"message":"m","code":429}}', b'{"error":{"message":"m","code":429}}'),
        (
            b'{"error":{"id":"","code":"c","message":"m","param":"","type":"t"},"status_code":503}',
            b'{"error":{"id":"","code":"c","message":"m","param":"","type":"t"},"status_code":503}',
        ),
        (
            b'{"id":"gen","error":{"code":502,"message":"m"},"choices":[{"delta":{"content":"x"},"finish_reason":"error"}]}',
            b'{"error":{"code":502,"message":"m"}}',
        ),
        (b'{"choices":[{"delta":{}}],"x_groq":{"id":"r","error":"over capacity"}}', b'{"error":"over capacity"}'),
        (b'{"object":"error","message":"m","code":"3505"}', b'{"object":"error","message":"m","code":"3505"}'),
        (b'{"choices":"odd","error":"e"}', b'{"error":"e"}'),
    ],
    ids=["OpenAI", "Cerebras", "OpenRouter", "Groq", "Mistral", "odd choices"],
)
def test_an_error_inside_a_stream_is_told(data: bytes, error: bytes) -> None:
    event = read_event(data)
    assert event is not None
    assert event.error == error


def test_no_error_is_none() -> None:
    event = read_event(b'{"choices":[{"index":0,"delta":{"content":"x"}}],"error":null,"usage":null}')
    assert event == StreamEvent(text="x")


def test_a_whole_answer_is_read_like_an_event() -> None:
    body = {
        "choices": [
            {"message": {"content": "It works.", "reasoning_content": "Hm."}, "finish_reason": "stop"},
            {"index": 1, "message": {"content": "Second."}, "finish_reason": "stop"},
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4},
    }
    answer = FORMATS["openai"].answer_of_body(msgspec.json.encode(body))
    assert answer == StreamEvent(Usage(3, None, 4), "It works.", "Hm.Second.", finished=True)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'"x"', b"{", b'{"choices":[1]}', b"\xff", b"[" * 100_000])
def test_an_unreadable_body_tells_nothing(body: bytes) -> None:
    assert FORMATS["openai"].answer_of_body(body) == StreamEvent()


def test_a_json_answer_to_a_stream_request_is_read() -> None:
    reader = FORMATS["openai"].stream_reader("application/json")
    events = reader.feed(b'{"choices":[{"message":{"content":"x"},"fini') + reader.feed(b'sh_reason":"stop"}]}')
    assert events == [StreamEvent(text="x", finished=True)]


@given(st.lists(st.binary(max_size=40).map(lambda data: b"data: " + data + b"\n\n")))
def test_no_bytes_make_the_reader_fail(chunks: list[bytes]) -> None:
    reader = FORMATS["openai"].stream_reader("text/event-stream")
    for chunk in chunks:
        reader.feed(chunk)
    reader.close()
