"""Bytes to lines."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.continue_log.lines import MAX_LINE_CHARS, Lines, encoding_of

TEXTS = {
    "utf-8": (b"a\nb\xc3\xa9\nrest", ["a", "bé"]),
    "with a mark": (codecs.BOM_UTF8 + b"a\nb\n", ["a", "b"]),
    "of Windows": (b"a\r\nb\r\n", ["a", "b"]),
    "not text": (b"a\xff\xfe\nb\n", ["a\ufffd\ufffd", "b"]),
    "cut inside a character": (b"a\xc3\nb\n", ["a\ufffd", "b"]),
    "utf-16": (codecs.BOM_UTF16_LE + "a\nbé\n".encode("utf-16-le"), ["a", "bé"]),
    "utf-16, the other way round": (codecs.BOM_UTF16_BE + "a\nbé\n".encode("utf-16-be"), ["a", "bé"]),
    "empty lines": (b"\n\na\n", ["", "", "a"]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("data", "lines"), TEXTS.values(), ids=TEXTS.keys())
def test_lines_of(data: bytes, lines: list[str]) -> None:
    assert Lines(encoding_of(data)).feed(data) == lines


def test_the_rest_of_a_line_that_began_earlier_is_skipped() -> None:
    lines = Lines("utf-8", mid_line=True)
    assert lines.feed(b"rest of ") == []
    assert lines.feed(b"it\nwhole\n") == ["whole"]


def test_a_huge_line_is_skipped_and_takes_no_memory() -> None:
    lines = Lines("utf-8")
    for _ in range(200):
        assert lines.feed(b"x" * MAX_LINE_CHARS) == []
        assert len(lines._rest) <= MAX_LINE_CHARS
    assert lines.feed(b"x\nafter\n") == ["after"]


@given(
    st.lists(
        st.sampled_from([b"a", b"\n", b"\r\n", b"\xc3\xa9", b"\xc3", b"\xff", b"\xe2\x82", b"\xf0\x9f\x98\x80", b"\0"])
    ),
    st.lists(st.integers(1, 4)),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
)
def test_the_lines_are_the_same_in_whatever_pieces_they_come(
    parts: list[bytes], cuts: list[int], encoding: str
) -> None:
    data = b"".join(parts)
    lines, found, at = Lines(encoding), [], 0
    for cut in [*cuts, len(data)]:
        found += lines.feed(data[at : at + cut])
        at += cut
    found += lines.feed(data[at:])
    assert found == Lines(encoding).feed(data)
