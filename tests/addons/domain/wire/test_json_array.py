import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.wire.json_array import ObjectStream

VALUES = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.integers() | st.text('{}[]",\\:é', max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("{}\"\\'", max_size=3), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=3,
)


def read(chunks: list[bytes], max_event_bytes: int = 100_000) -> list[bytes]:
    stream = ObjectStream(max_event_bytes)
    return [event for chunk in chunks for event in stream.feed(chunk)] + stream.close()


@given(
    st.lists(VALUES, max_size=5), st.lists(st.integers(0, 300), max_size=8), st.sampled_from([",\r\n", ",", "\n,\n"])
)
def test_an_array_cut_anywhere_gives_its_objects(values: list[dict[str, Any]], at: list[int], between: str) -> None:
    data = ("[" + between.join(json.dumps(value, ensure_ascii=False) for value in values) + "\n]").encode()
    edges = [0, *sorted(at), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    assert [json.loads(event) for event in read(chunks)] == values
    assert read([bytes([byte]) for byte in data]) == read(chunks)


def test_a_single_object_is_one_event() -> None:
    assert read([b' {"error": ', b'{"code": 429}} ']) == [b'{"error": {"code": 429}}']


def test_an_object_without_its_end_is_no_event() -> None:
    assert read([b'[{"a":1},{"b":']) == [b'{"a":1}']


@pytest.mark.parametrize("step", [7, 1000])
def test_an_object_that_is_too_long_is_skipped_and_the_next_one_read(step: int) -> None:
    data = b'[{"a":"' + b"x" * 200 + b'"},{"b":2}]'
    chunks = [data[start : start + step] for start in range(0, len(data), step)]
    assert read(chunks, max_event_bytes=100) == [b'{"b":2}']


@given(st.lists(st.binary(max_size=30) | st.text('{}[]"\\', max_size=20).map(str.encode)))
def test_any_bytes_can_be_read(chunks: list[bytes]) -> None:
    assert read(chunks) == read([b"".join(chunks)])
