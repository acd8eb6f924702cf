"""`export`: the recorded completions on standard output, as they are read; memory does not grow with their number."""

import csv
import json
import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from addons.domain import places
from db.clock import now_ms
from db.engine import reader
from db.queries.export import EXPORT_COLUMNS, rows

Row = Mapping[str, Any]

UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that starts so; the names of sessions are other people's text (OWASP, CSV injection)."""
PROGRESS_EVERY = 10_000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=WRITERS, default="csv", help="csv, json (one array) or jsonl (one row a line)"
    )
    parser.add_argument("--session", metavar="ID", help="only this session's rows; `sessions` lists the ids")
    parser.add_argument(
        "--since", metavar="WHEN", type=since_ms, help="only rows from then on: 2026-11-01 (UTC), or 7d, 24h, 30m ago"
    )


def run(args: Namespace) -> int:
    engine = reader(places.database_url(os.environ))
    found: Iterable[Row] = rows(engine, session_id=args.session, since_ms=args.since)
    if sys.stderr.isatty() and not sys.stdout.isatty():
        found = counted(found, sys.stderr)
    if hasattr(sys.stdout, "reconfigure"):  # whatever the terminal's encoding and line ends are
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        WRITERS[args.format](found, sys.stdout)
        sys.stdout.flush()  # here, so that a reader who has left is noticed by `main`
    finally:
        engine.dispose()
    return 0


def since_ms(text: str) -> int:
    """Milliseconds since 1970 for an ISO date or time (UTC where it names no zone), or for a time span before now."""
    if span := re.fullmatch(r"(\d{1,6})([mhd])", text):
        return now_ms() - int(span[1]) * UNIT_MS[span[2]]
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is not a time; expected 2026-11-01, 2026-11-01T09:30, 7d, 24h or 30m"
        ) from None
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)


def write_csv(found: Iterable[Row], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EXPORT_COLUMNS)
    writer.writerows([cell(value) for value in row.values()] for row in found)


def write_json(found: Iterable[Row], out: TextIO) -> None:
    before = "[\n"
    for row in found:
        out.write(before + json.dumps(row, ensure_ascii=False))
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def write_jsonl(found: Iterable[Row], out: TextIO) -> None:
    for row in found:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


WRITERS = {"csv": write_csv, "json": write_json, "jsonl": write_jsonl}


def cell(value: object) -> object:
    """Empty for what is not known; true and false as in JSON; text that cannot run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def counted(found: Iterable[Row], terminal: TextIO) -> Iterator[Row]:
    """The same rows, with their number on the terminal from time to time."""
    number = 0
    for number, row in enumerate(found, 1):
        yield row
        if number % PROGRESS_EVERY == 0:
            print(f"\r{number:,} rows", end="", file=terminal, flush=True)
    print(f"\r{number:,} rows", file=terminal)
