"""Halves of surrogate pairs in JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.wire.surrogates import without_halves


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (rb'"\ud83d"', rb'"\ufffd"'),
        (rb'"\uDE00 x"', rb'"\ufffd x"'),
        (rb'"\ud83d\ude00"', rb'"\ud83d\ude00"'),
        (rb'"\ud83d\ud83d\ude00"', rb'"\ufffd\ud83d\ude00"'),
        (rb'"\ude00\ud83d"', rb'"\ufffd\ufffd"'),
        (rb'"C:\\ud83d"', rb'"C:\\ud83d"'),
        (rb'"C:\\\ud83d"', rb'"C:\\\ufffd"'),
        (rb'"\\ud83d\ude00"', rb'"\\ud83d\ufffd"'),
    ],
    ids=[
        "the first half",
        "the second half",
        "a pair",
        "a half before a pair",
        "the wrong way round",
        "after a backslash: text",
        "behind a backslash that is text",
        "a half behind what only looks like the other",
    ],
)
def test_a_half_becomes_the_replacement_character(written: bytes, expected: bytes) -> None:
    assert without_halves(written) == expected


ODD = st.text(st.sampled_from('\ud83d\ude00\udbff\udc00\\u"d8a\n'), max_size=12)


@given(st.recursive(ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD, inner, max_size=3)))
def test_what_is_read_is_the_same_but_for_the_halves(value: Any) -> None:
    written = json.dumps(value).encode()
    read = json.loads(without_halves(written))
    assert len(without_halves(written)) == len(written)
    # JSON joins two halves that follow each other; Python's own decoder says which ones.
    expected = json.dumps(json.loads(written), ensure_ascii=False).encode("utf-16", "surrogatepass")
    assert read == json.loads(expected.decode("utf-16", "replace"))  # read again: two names may have become one
