"""`import-legacy`: a predecessor's sessions.db into the store, with a bar for the person at the terminal."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from addons.domain import places
from db.legacy import importing, takeover
from db.legacy.in_place import kept_note
from db.legacy.report import in_words
from db.legacy.takeover import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the predecessor's sessions.db, or a copy of it")
    parser.add_argument("--dry-run", action="store_true", help="say what would be imported, and change nothing")


def run(args: Namespace) -> int:
    url = places.database_url(os.environ)
    with bar(Console(stderr=True)) as progress:
        act = takeover.plan if args.dry_run else takeover.take_over
        outcome = act(url, args.file, progress)
    for line in in_words(outcome.report):
        print(line)
    print(said_at_the_end(outcome, dry_run=args.dry_run))
    return 0


@contextmanager
def bar(console: Console) -> Iterator[importing.Progress]:
    """Only where somebody can see it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("rows", total=None)
        yield lambda done, everything: shown.update(task, completed=done, total=everything)


def said_at_the_end(outcome: Outcome, *, dry_run: bool) -> str:
    if dry_run:
        place = "; the old file would be kept beside the store under another name" if outcome.is_store else ""
        return f"Nothing has been changed: without --dry-run, {outcome.report.new:,} rows would be imported{place}."
    if outcome.is_store:
        return kept_note(outcome.kept, outcome.report.keys)
    if not outcome.report.keys:
        return f"{outcome.kept} has been left as it is."
    return (
        f"{outcome.kept} has been left as it is. It still holds the API keys of {outcome.report.keys} providers: "
        "delete it once you are satisfied."
    )
