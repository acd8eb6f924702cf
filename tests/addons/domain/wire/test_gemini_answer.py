from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.usage import Usage
from addons.domain.wire import FORMATS, StreamEvent
from addons.domain.wire.gemini_answer import read_event, read_usage

DATA = Path(__file__).parents[3] / "data" / "gemini"
FRAMINGS = {"stream.sse": "text/event-stream", "stream.json": "application/json; charset=UTF-8"}


def read(name: str, at: int = 0, want_text: bool = True) -> list[StreamEvent]:
    stream = (DATA / name).read_bytes()
    reader = FORMATS["gemini"].stream_reader(FRAMINGS[name], want_text=want_text)
    return reader.feed(stream[:at]) + reader.feed(stream[at:]) + reader.close()


@pytest.mark.parametrize("name", FRAMINGS)
def test_a_stream_tells_usage_text_and_end(name: str) -> None:
    events = read(name)
    assert events[-1].usage == Usage(10, 0, 56, 51)
    assert [event.finished for event in events] == [False, False, True]
    assert "".join(event.text for event in events) == "Größe"
    assert "".join(event.other_text for event in events) == 'Ponderls{"path":"."}'


@pytest.mark.parametrize("name", FRAMINGS)
def test_a_stream_cut_at_any_byte_tells_the_same(name: str) -> None:
    whole = read(name)
    assert all(read(name, at) == whole for at in range((DATA / name).stat().st_size))


@pytest.mark.parametrize("name", FRAMINGS)
def test_without_text_usage_and_end_stay(name: str) -> None:
    events = read(name, want_text=False)
    assert events[-1] == StreamEvent(Usage(10, 0, 56, 51), finished=True)
    assert {event.text + event.other_text for event in events} == {""}


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}, Usage(10, None, 5)),
        (
            {"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 51, "totalTokenCount": 66},
            Usage(10, None, 56, 51),
        ),
        (
            {"promptTokenCount": 10, "candidatesTokenCount": 56, "thoughtsTokenCount": 51, "totalTokenCount": 66},
            Usage(10, None, 56, 51),
        ),
        ({"promptTokenCount": 10, "thoughtsTokenCount": 51, "totalTokenCount": 61}, Usage(10, None, 51, 51)),
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3}, Usage(10, None, 8, 3)),
        (
            {"promptTokenCount": 10, "toolUsePromptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 22},
            Usage(17, None, 5),
        ),
        ({"promptTokenCount": 10, "cachedContentTokenCount": 8, "totalTokenCount": 10}, Usage(10, 8)),
        ({"promptTokenCount": 10, "cachedContentTokenCount": 80}, Usage(10, 10)),
        ({"trafficType": "ON_DEMAND"}, None),
        ("odd", None),
        (None, None),
    ],
    ids=[
        "plain",
        "thoughts beside the candidates",
        "thoughts within the candidates",
        "thoughts before any candidate",
        "thoughts without a total",
        "tool use",
        "cached",
        "cached never exceeds the prompt",
        "no counts",
        "a string",
        "null",
    ],
)
def test_usage_metadata_is_understood(counts: Any, usage: Usage | None) -> None:
    assert read_usage(counts) == usage


ERROR = b'{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}'


@pytest.mark.parametrize(
    ("content_type", "stream"),
    [
        ("text/event-stream", b"data: " + ERROR + b"\r\n\r\n"),
        ("text/event-stream", ERROR + b"\n"),
        ("text/event-stream", b"[" + ERROR + b"]\n"),
        ("application/json", b"[" + ERROR + b"]"),
        ("application/json", ERROR),
    ],
    ids=["event", "bare JSON in an event stream", "bare array in an event stream", "array", "object"],
)
def test_an_error_inside_a_stream_is_told(content_type: str, stream: bytes) -> None:
    reader = FORMATS["gemini"].stream_reader(content_type)
    assert reader.feed(stream) + reader.close() == [StreamEvent(error=ERROR)]


def test_a_blocked_prompt_ends_the_answer() -> None:
    assert read_event(b'{"promptFeedback":{"blockReason":"SAFETY"}}') == StreamEvent(finished=True)


def test_only_the_first_candidate_is_shown() -> None:
    data = {"candidates": [{"content": {"parts": [{"text": text}]}, "index": i} for i, text in enumerate("ab")]}
    assert read_event(msgspec.json.encode(data)) == StreamEvent(text="a", other_text="b")


def test_usage_survives_candidates_of_no_known_shape() -> None:
    event = read_event(b'{"candidates":"odd","usageMetadata":{"promptTokenCount":1}}')
    assert event == StreamEvent(Usage(1))


def test_a_whole_answer_and_a_streamed_one_in_an_array_are_read() -> None:
    answer = FORMATS["gemini"].answer_of_body((DATA / "stream.json").read_bytes())
    assert answer == StreamEvent(Usage(10, 0, 56, 51), "Größe", 'Ponderls{"path":"."}', finished=True)
    assert FORMATS["gemini"].answer_of_body(ERROR) == StreamEvent(error=ERROR)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[1]", b"<html>", b"{", b"\xff", b"[" * 100_000, b"[" * 900 + b"]" * 900]
)
def test_an_unreadable_body_tells_nothing(body: bytes) -> None:
    assert FORMATS["gemini"].answer_of_body(body) == StreamEvent()


@given(st.lists(st.binary(max_size=40)), st.sampled_from(sorted(FRAMINGS.values())))
def test_no_bytes_make_the_reader_fail(chunks: list[bytes], content_type: str) -> None:
    reader = FORMATS["gemini"].stream_reader(content_type)
    for chunk in chunks:
        reader.feed(chunk)
    reader.close()
