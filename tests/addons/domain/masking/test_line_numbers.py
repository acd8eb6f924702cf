"""Lines go by the numbers that a digest shows."""

import pytest

from addons.domain.masking.document import Hint, read
from addons.domain.masking.line_numbers import numbered_lines

VIEW = "File: a.py\n" + "".join(f"{at}\tline {at}\n" for at in range(41, 51)) + "\tcontinued\n[end]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "")]),
        ("one\ntwo\r\n", [(1, "one"), (2, "two\r")]),
        ("one\n\n", [(1, "one"), (2, "")]),
        (
            VIEW,
            [
                (41, "File: a.py"),
                *((at, f"{at}\tline {at}") for at in range(41, 51)),
                (50, "\tcontinued"),
                (50, "[end]"),
            ],
        ),
    ],
    ids=["empty", "plain", "empty line at the end", "a numbered view"],
)
def test_each_line_has_its_number(text: str, expected: list[tuple[int, str]]) -> None:
    assert numbered_lines(text) == expected


@pytest.mark.parametrize("text", ["".join(f"row {at}\n" for at in range(30_000)), VIEW], ids=["very long", "view"])
def test_the_numbers_are_those_of_the_digests(text: str) -> None:
    document = read(text, Hint(), 0)
    shown = {number: line for number, line in zip(document.numbers, document.raw_lines, strict=True) if number}
    numbered = numbered_lines(text)
    assert set(shown.items()) <= set(numbered)
