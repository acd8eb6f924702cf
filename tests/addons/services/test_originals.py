"""What is shown of an original, and what is said of the rest."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.errors import UserError
from addons.services.originals import Lines, describe, parse_lines, show
from db.queries.originals import OriginalInfo

TEXT = "".join(f"line {at}\n" for at in range(1, 101))
VIEW = "".join(f"{at}\tdef f{at}(): ...\n" for at in range(120, 140))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("40-80", Lines(40, 1, 80)),
        ("40 - 80", Lines(40, 1, 80)),
        ("200-", Lines(200, 1, None)),
        ("-20", Lines(0, 1, 20)),
        ("7", Lines(7, 1, 7)),
        ("12@401-", Lines(12, 401, None)),
        ("12@401-14", Lines(12, 401, 14)),
        ("12@401", Lines(12, 401, 12)),
        ("", Lines(0, 1, None)),
    ],
)
def test_lines_are_asked_for_in_some_forms(text: str, expected: Lines) -> None:
    assert parse_lines(text) == expected


@pytest.mark.parametrize("text", ["x", "-", "4-2", "1-2-3", "@4", "1,2", "4@-", "1" * 10])
def test_other_forms_are_told(text: str) -> None:
    with pytest.raises(UserError, match=f"lines is '{re.escape(text)}'; expected"):
        parse_lines(text)


def test_all_of_it_is_shown_as_it_is() -> None:
    assert show("a\r\nb\n\n").text == "a\r\nb\n\n"
    assert show("a\r\nb\n\n", limit=6).notes == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("2-3", "line 2\nline 3"),
        ("99-", "line 99\nline 100"),
        ("-1", "line 1"),
        ("7", "line 7"),
        ("3@6-4", "3\nline 4"),
    ],
)
def test_some_lines_are_shown(lines: str, expected: str) -> None:
    assert show(TEXT, lines=lines).text == expected


def test_lines_go_by_the_numbers_of_a_numbered_view() -> None:
    assert show(VIEW, lines="125-126").text == "125\tdef f125(): ...\n126\tdef f126(): ..."


def test_lines_that_are_not_there_are_told() -> None:
    with pytest.raises(UserError, match="no lines '200-'; the original has the lines 1 to 100"):
        show(TEXT, lines="200-")


def test_what_does_not_fit_is_cut_after_a_line_and_told() -> None:
    shown = show(TEXT, lines="10-90", limit=30)
    assert shown.text == "line 10\nline 11\nline 12"
    assert shown.notes == ('cut to 30 characters; go on with lines "13-90"',)


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet="ab\n", min_size=1, max_size=300), st.integers(1, 40))
def test_going_on_shows_everything_once(text: str, limit: int) -> None:
    """Also of a single line that is longer than an answer."""
    parts: list[str] = []
    lines = ""
    while True:
        shown = show(text, lines=lines, limit=limit)
        parts.append(shown.text)
        going_on = re.search(r'lines "(.+)"', " ".join(shown.notes))
        if going_on is None:
            break
        parts.append("" if "@" in going_on[1] else "\n")
        lines = going_on[1]
        assert len(shown.text) <= limit
        assert len(parts) < 1_000
    assert "".join(parts) in (text, text.removesuffix("\n"))


def test_matching_lines_are_shown_with_their_neighbours() -> None:
    shown = show(TEXT, pattern="[24]0$", context=1)
    assert shown.text.split("\n") == [
        *("19-line 19", "20:line 20", "21-line 21", "--", "39-line 39", "40:line 40", "41-line 41"),
    ]
    assert shown.matches == 2


def test_matches_are_looked_for_within_the_lines() -> None:
    assert show(TEXT, lines="30-", pattern="0$", context=0).text.split("\n")[0] == "30:line 30"


def test_matches_beyond_the_limit_are_told() -> None:
    shown = show(TEXT, pattern="line", context=0, limit=40)
    assert shown.text == "1:line 1\n2:line 2\n3:line 3\n4:line 4"
    assert shown.notes == ('cut to 40 characters; go on with lines "5-"',)
    assert shown.matches == 100


def test_that_nothing_matches_is_told() -> None:
    shown = show(TEXT, pattern="LINE")
    assert (shown.text, shown.matches) == ("", 0)
    assert shown.notes == ("no line matches; (?i) at the beginning of a pattern ignores case",)


def test_a_long_line_is_cut_around_its_match_and_can_be_read_on() -> None:
    text = f"{'x' * 1_000}needle{'y' * 1_000}\n{'z' * 900}\n"
    shown = show(text, pattern="needle")
    row, neighbour = shown.text.split("\n")
    place = re.match(r"1@(\d+):", row)
    assert place and "needle" in row and len(row) < 420
    assert neighbour == f"2-{'z' * 400}…"
    assert show(text, lines=f"1@{place[1]}").text.startswith("x" * 100 + "needle")
    assert "is shown from its character" in shown.notes[0]


def test_a_view_of_several_files_names_no_line_to_go_on_with() -> None:
    shown = show(VIEW + VIEW, limit=50)
    assert shown.notes == ("cut to 50 characters; ask for fewer lines",)


def test_an_original_is_described_in_a_line() -> None:
    info = OriginalInfo(
        tag="k1:0", kind="log", tool="Bash", path="a.log", tokens=9, lines=3, size_bytes=7, created_at_ms=0
    )
    assert describe(info) == "k1:0: log, result of Bash, a.log, 3 lines, 9 tokens"
