"""`export`: the recorded completions on standard output, as they are read; memory does not grow with their number."""

import os
import subprocess
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from addons.domain import places
from addons.domain.completion import Outcome
from addons.domain.errors import UserError
from addons.domain.kinds import Kind
from addons.domain.row_files import ROW_FORMATS, Row
from addons.domain.selection import ACCEPTED, Selection, accepted, selection
from db.clock import now_ms
from db.engine import reader
from db.queries.export import EXPORT_COLUMNS, rows

PROGRESS_EVERY = 10_000
FILTERS = {
    "session": ("ID", "only this session's rows; `sessions` lists the ids"),
    "project": ("NAME", "only rows of this project, as the X-Kimi-Project header says it"),
    "provider": ("KEY", "only rows of this provider, by its key in providers.toml"),
    "model": ("ID", "only rows of this model, as it was sent"),
    "kind": ("KIND", f"only rows of this kind: {', '.join(Kind)}"),
    "outcome": ("OUTCOME", f"only rows that ended so: {', '.join(Outcome)}"),
    "user": ("NAME", "only rows of this user's proxies, where several people share a store"),
    "proxy": ("ID", "only rows that this proxy recorded"),
    "since": ("WHEN", "only rows from then on: 2026-11-01 (UTC), or 7d, 24h, 30m ago"),
    "until": ("WHEN", "only rows before then, likewise"),
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=ROW_FORMATS, default="csv", help="csv, json (one array) or jsonl (one row a line)"
    )
    for name, (metavar, help_) in FILTERS.items():
        parser.add_argument(f"--{name}", metavar=metavar, type=checked(name), help=help_)
    parser.add_argument(
        "--report", metavar="ID", help="instead of rows: a report on this session, as one HTML file that needs no other"
    )
    parser.add_argument("--lang", metavar="LANGUAGE", default="en", help="of the report: en or fr")


def run(args: Namespace) -> int:
    if args.report is not None:
        return report(args.report, args.lang)
    engine = reader(places.database_url(os.environ))
    found: Iterable[Row] = rows(engine, chosen(args))
    if sys.stderr.isatty() and not sys.stdout.isatty():
        found = counted(found, sys.stderr)
    if hasattr(sys.stdout, "reconfigure"):  # whatever the terminal's encoding and line ends are
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        for piece in ROW_FORMATS[args.format].pieces(found, EXPORT_COLUMNS):
            sys.stdout.write(piece)
        sys.stdout.flush()  # here, so that a reader who has left is noticed by `main`
    finally:
        engine.dispose()
    return 0


def report(session_id: str, lang: str) -> int:
    """By the dashboard, which has the words and the figures; in a process of its own, as it is no part of this one."""
    command = [sys.executable, "-m", "dashboard.report", session_id, lang]
    return subprocess.run(command, cwd=places.ROOT, check=False).returncode


def chosen(args: Namespace) -> Selection:
    """:raises UserError: if the filters leave no time."""
    given = {name: getattr(args, name) for name in ACCEPTED if getattr(args, name) is not None}
    return selection(given, now_ms())


def checked(name: str) -> Callable[[str], str]:
    """The text of an option, known to be accepted."""

    def check(text: str) -> str:
        try:
            accepted(name, text, now_ms())
        except UserError as error:
            raise ArgumentTypeError(str(error)) from None
        return text

    return check


def counted(found: Iterable[Row], terminal: TextIO) -> Iterator[Row]:
    """The same rows, with their number on the terminal from time to time."""
    number = 0
    for number, row in enumerate(found, 1):
        yield row
        if number % PROGRESS_EVERY == 0:
            print(f"\r{number:,} rows", end="", file=terminal, flush=True)
    print(f"\r{number:,} rows", file=terminal)
