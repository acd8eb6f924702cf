"""`sessions`: the recorded sessions as a table, or as JSON for scripts; and what a person changes of them."""

import json
import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from addons.cli import session_changes
from addons.domain import places
from db.engine import opened, reader
from db.queries.sessions import SessionFilter, SessionRow, latest

HEADER = ("id", "name", "provider", "model", "turns", "tokens", "cost", "last seen")
NUMBERS = ("turns", "tokens", "cost")
"""Columns that are aligned to the right."""
NOTHING = ("No session has been recorded yet.", "No deleted session can be brought back.")
WIDEST = 40
"""Characters of a cell."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--limit", type=at_least_one, default=20, metavar="N", help="how many, the latest first (20)")
    parser.add_argument("--json", action="store_true", help="all counters, as one JSON array")
    parser.add_argument("--deleted", action="store_true", help="those that can be brought back")
    session_changes.add_arguments(parser)


def run(args: Namespace) -> int:
    if done := session_changes.change(args):
        print(done)
        return 0
    with opened(reader, places.database_url(os.environ)) as engine, engine.connect() as tx:
        found = latest(tx, SessionFilter(deleted=args.deleted), args.limit)
    if args.json:
        print(json.dumps([asdict(session) for session in found], indent=2))
    else:
        print(table([HEADER, *(cells(session) for session in found)]) if found else NOTHING[args.deleted])
    return 0


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number ≥ 1")
    return int(text)


def cells(session: SessionRow) -> tuple[str, ...]:
    """As HEADER; the time is local."""
    seen = datetime.fromtimestamp(session.last_seen_ms / 1000).astimezone()
    texts = (session.id, session.name, session.provider, session.model)
    return (
        *(printable(text) for text in texts),
        f"{session.turns:,}",
        f"{session.prompt_tokens + session.completion_tokens:,}",
        cost(session),
        seen.strftime("%Y-%m-%d %H:%M"),
    )


def cost(session: SessionRow) -> str:
    """A price that is not known is not 0: `?` where none is, `≥` where some are missing."""
    if session.unpriced and not session.cost_usd:
        return "?"
    return f"{'≥ ' if session.unpriced else ''}${session.cost_usd:,.4f}"


def printable(text: str) -> str:
    """Names hold other people's text: without what would steer a terminal, and not wider than a column."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown if len(shown) <= WIDEST else shown[: WIDEST - 1] + "…"


def table(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADER))]
    padded = (
        (
            text.rjust(width) if name in NUMBERS else text.ljust(width)
            for name, text, width in zip(HEADER, line, widths, strict=True)
        )
        for line in lines
    )
    return "\n".join("  ".join(line).rstrip() for line in padded)
