"""The text of an original comes back as it was, and shows that it is the right one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.masking.placeholder import content_tag
from db import content


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet=st.characters(codec=None)))
def test_what_is_packed_comes_back(text: str) -> None:
    assert content.unpack(content.pack(text)) == text
    assert content.verify(content_tag(text), text)


def test_another_text_does_not_verify() -> None:
    assert not content.verify(content_tag("one"), "two")


def test_a_log_takes_little_room() -> None:
    log = "".join(f"2026-11-22 09:{at % 60:02}:00 INFO request {at} served\n" for at in range(5_000))
    assert len(content.pack(log)) < content.size_bytes(log) / 5


def test_bytes_that_were_never_packed_are_told() -> None:
    with pytest.raises(ValueError, match="3 bytes that are no packed text"):
        content.unpack(b"abc")


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("a\n\n", 2)])
def test_lines_are_counted_as_people_do(text: str, lines: int) -> None:
    assert content.line_count(text) == lines
