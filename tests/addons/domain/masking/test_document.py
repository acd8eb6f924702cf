import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.document import (
    EDGE_LINES,
    LINE_LIMIT,
    MOST_LINES,
    Hint,
    clip,
    ranges,
    read,
)

STATUSES = [
    "[Status: Command completed]",
    "[Status: Command failed with exit code 1]",
    "[Status: Command timed out]",
    "[Status: Command is running in the background. Output will be available later.]",
]


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_line_is_taken_off_verbatim(status: str) -> None:
    document = read(f"one\ntwo\n{status}", Hint(), 10)
    assert document.status == status
    assert document.lines == ["one", "two"]


def test_a_status_in_the_middle_is_a_line_like_any_other() -> None:
    document = read("[Status: Command completed]\nmore", Hint(), 10)
    assert document.status == ""
    assert len(document.lines) == 2


@pytest.mark.parametrize("mark", ["\t", ":", "|", "→"], ids=["tab", "colon", "bar", "arrow"])
def test_a_numbered_view_keeps_the_files_own_numbers(mark: str) -> None:
    text = "\n".join(f"{number:5d}{mark}line {number}" for number in range(700, 720))
    document = read(text, Hint(), 100)
    assert document.numbered
    assert document.numbers[0] == 700
    assert document.lines[3] == "line 703"


def test_a_line_between_numbered_ones_has_no_number() -> None:
    rows = [f"{number}:code()" for number in range(40, 60)]
    rows.insert(7, "deprecated, see CFG-12")
    document = read("\n".join(rows), Hint(), 100)
    assert document.numbered
    assert document.numbers[7] is None
    assert document.lines[7] == "deprecated, see CFG-12"


def test_lines_that_only_begin_with_numbers_are_not_a_view() -> None:
    assert not read("\n".join(f"{size}\tfile{size}" for size in (900, 14, 77, 3, 15, 92, 65)), Hint(), 50).numbered


def test_the_suffix_comes_from_the_hint_else_from_the_head_of_a_view() -> None:
    view = "[File: /repo/pkg/handler.rs (300 lines total)]\n" + "\n".join(f"{n}:let x;" for n in range(20))
    assert read(view, Hint(), 10).suffix == "rs"
    assert read(view, Hint(path="a/b.go"), 10).suffix == "go"
    assert read("no path here", Hint(), 10).suffix == ""


def test_a_very_long_text_is_looked_at_only_at_its_ends() -> None:
    total = MOST_LINES + 5
    document = read("\n".join(f"row {n}" for n in range(1, total + 1)) + "\n", Hint(), 10)
    assert len(document.lines) == 2 * EDGE_LINES
    assert document.skipped == (EDGE_LINES + 1, total - EDGE_LINES)
    assert document.lines[-1] == f"row {total}"
    assert document.numbers[-1] == total
    assert document.numbers[EDGE_LINES] == total - EDGE_LINES + 1


def test_clip_says_how_much_of_a_line_is_missing() -> None:
    shown = clip("x" * 500 + "END")
    assert shown.endswith("END")
    assert "[…233 characters…]" in shown
    assert clip("y" * LINE_LIMIT) == "y" * LINE_LIMIT


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([], ()), ([4], ((4, 4),)), ([1, 2, 3, 7, 9, 10], ((1, 3), (7, 7), (9, 10)))],
    ids=["none", "one", "several"],
)
def test_ranges(numbers: list[int], expected: tuple[tuple[int, int], ...]) -> None:
    assert ranges(numbers) == expected


@given(st.text())
def test_numbers_and_lines_always_match(text: str) -> None:
    document = read(text, Hint(), len(text))
    assert len(document.numbers) == len(document.lines) == len(document.raw_lines)
