"""Rows as files, piece by piece: what is written is gone before the next rows are read."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

Row = Mapping[str, Any]
Pieces = Callable[[Iterable[Row], Sequence[str]], Iterator[str]]

PIECE_ROWS = 200
"""Rows in one piece: about 80 kB. Fewer cost more than the rows themselves, more are late."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet runs a cell that starts so; the names of sessions are other people's text (OWASP, CSV injection)."""


class RowFormat(NamedTuple):
    media_type: str
    pieces: Pieces
    """From the rows and the names of their columns; the first piece needs no row."""


def csv_pieces(found: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    piece = io.StringIO()
    writer = csv.writer(piece, lineterminator="\n")
    writer.writerow(columns)
    yield piece.getvalue()
    for rows in _several(found):
        piece.seek(0)
        piece.truncate()
        writer.writerows([cell(row[name]) for name in columns] for row in rows)
        yield piece.getvalue()


def json_pieces(found: Iterable[Row], _columns: Sequence[str]) -> Iterator[str]:
    """One array, a row a line."""
    yield "["
    before = "\n"
    for rows in _several(found):
        yield before + ",\n".join(map(_json, rows))
        before = ",\n"
    yield "]\n" if before == "\n" else "\n]\n"


def jsonl_pieces(found: Iterable[Row], _columns: Sequence[str]) -> Iterator[str]:
    """A row a line, and nothing else."""
    for rows in _several(found):
        yield "".join(f"{_json(row)}\n" for row in rows)


ROW_FORMATS = {
    "csv": RowFormat("text/csv; charset=utf-8", csv_pieces),
    "json": RowFormat("application/json", json_pieces),
    "jsonl": RowFormat("application/jsonl", jsonl_pieces),
}


def cell(value: object) -> object:
    """Empty for what is not known; true and false as in JSON; text that cannot run, with an apostrophe before it, its
    lines ended in one way: a bare return ends a record for some readers, and Python < 3.13 does not quote it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _json(row: Row) -> str:
    return msgspec.json.encode(row).decode()


def _several(found: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(found)
    while several := list(islice(rows, PIECE_ROWS)):
        yield several
