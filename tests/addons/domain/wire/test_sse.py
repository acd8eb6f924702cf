from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.wire.sse import EventStream

STREAM = (
    b"\xef\xbb\xbf: OPENROUTER PROCESSING\n\n"
    b'data: {"text":"gr\xc3\xb6\xc3\x9fe"}\n\n'
    b'event: message\r\nid: 7\r\ndata:{"a":1}\r\n\r\n'
    b"data: first\rdata: second\r\r"
    b"data\n\nretry: 100\n\n"
    b'{\n  "error": {"code": 503}\n}\n\n'
    b"data: [DONE]\n\ndata: not finished"
)
EVENTS = [
    '{"text":"größe"}'.encode(),
    b'{"a":1}',
    b"first\nsecond",
    b'{\n  "error": {"code": 503}\n}',
    b"[DONE]",
    b"not finished",
]


def read(chunks: list[bytes], max_event_bytes: int = 1000) -> list[bytes]:
    stream = EventStream(max_event_bytes)
    events = [event for chunk in chunks for event in stream.feed(chunk)]
    return events + stream.close()


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(at), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def test_every_line_end_and_field_is_understood() -> None:
    assert read([STREAM]) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_a_stream_cut_anywhere_gives_the_same_events(at: list[int]) -> None:
    assert read(cut(STREAM, at)) == EVENTS


def test_a_stream_byte_by_byte_gives_the_same_events() -> None:
    assert read([bytes([byte]) for byte in STREAM]) == EVENTS


@given(st.lists(st.binary(max_size=30)))
def test_any_bytes_can_be_read(chunks: list[bytes]) -> None:
    assert read(chunks) == read([b"".join(chunks)])


@pytest.mark.parametrize(
    "long",
    [b"data: " + b"x" * 200 + b"\n\n", b"data: x\n" * 200 + b"\n", b": " + b"x" * 200 + b"\ndata: y\n\n"],
    ids=["one line", "many lines", "a comment before the data"],
)
@pytest.mark.parametrize("step", [7, 1000])
def test_an_event_that_is_too_long_is_skipped_and_the_next_one_read(long: bytes, step: int) -> None:
    data = long + b"data: next\n\n"
    chunks = [data[start : start + step] for start in range(0, len(data), step)]
    assert read(chunks, max_event_bytes=100)[-1] == b"next"
    assert b"xx" not in b"".join(read(chunks, max_event_bytes=100))


def test_a_stream_without_line_ends_is_not_kept() -> None:
    stream = EventStream(max_event_bytes=100)
    for _ in range(1000):
        assert stream.feed(b"x" * 50) == []
    assert len(stream._line) <= 100
