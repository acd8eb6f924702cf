import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.row_files import FORMULA_STARTS, PIECE_ROWS, ROW_FORMATS, cell

COLUMNS = ("id", "name")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
ROWS = st.lists(st.fixed_dictionaries({"id": st.integers(0, 2**53), "name": TEXTS}), max_size=5)


def written(form: str, rows: list[dict[str, Any]]) -> str:
    return "".join(ROW_FORMATS[form].pieces(rows, COLUMNS))


@given(ROWS)
def test_whatever_a_text_holds_it_is_read_again(rows: list[dict[str, Any]]) -> None:
    header, *lines = csv.reader(io.StringIO(written("csv", rows), newline=""))
    assert tuple(header) == COLUMNS
    assert [[int(at), name] for at, name in lines] == [[row["id"], cell(row["name"])] for row in rows]
    assert json.loads(written("json", rows)) == rows
    assert [json.loads(line) for line in written("jsonl", rows).split("\n")[:-1]] == rows


@given(TEXTS)
def test_no_text_runs_in_a_spreadsheet(text: str) -> None:
    found = str(cell(text))
    assert not found.startswith((*FORMULA_STARTS, "\r"))
    assert found.removeprefix("'") == "\n".join(text.split("\r\n")).replace("\r", "\n").removeprefix("'")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("=1+1", "'=1+1"), ("-1", "'-1"), ("\tx", "'\tx"), ("\rx", "'\nx"), ("a\r\nb\rc", "a\nb\nc"), ("＝x", "'＝x"),
     ("a=1", "a=1"), (-1.5, -1.5), (None, ""), (False, "false"), (True, "true"), ("", "")],
    ids=repr,
)  # fmt: skip
def test_a_cell_says_what_is_known_and_no_more(value: object, expected: object) -> None:
    assert cell(value) == expected


@pytest.mark.parametrize(("form", "expected"), [("csv", "id,name\n"), ("json", "[]\n"), ("jsonl", "")])
def test_without_rows_a_file_is_still_well_formed(form: str, expected: str) -> None:
    assert written(form, []) == expected


@pytest.mark.parametrize("form", ROW_FORMATS)
def test_a_piece_is_made_when_it_is_asked_for(form: str) -> None:
    read = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal read
        for read in range(1, 5 * PIECE_ROWS + 1):
            yield {"id": read, "name": "x"}

    pieces = ROW_FORMATS[form].pieces(rows(), COLUMNS)
    reads = [read for _piece in pieces]
    assert reads[-1] == 5 * PIECE_ROWS
    assert max(after - before for before, after in zip([0, *reads], reads, strict=False)) == PIECE_ROWS
