"""Text that every database takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.text import safe, storable


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain", "plain"), ("é" * 12, "é" * 10), ("a\0b", "ab"), ("a\ud83db", "a?b"), ("😀", "😀"), ("", "")],
    ids=["plain", "too long", "NUL", "lone surrogate", "emoji", "empty"],
)
def test_storable(text: str, expected: str) -> None:
    assert storable(text, 10) == expected


@given(st.text(st.characters(), max_size=30))
def test_every_text_becomes_storable(text: str) -> None:
    kept = storable(text, 10)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\0" not in kept
    assert len(kept) <= 10


def test_a_text_that_others_wrote_is_scrubbed_before_it_is_cut() -> None:
    assert safe("key sk-kimi-0123456789", 11) == "key [key]"
