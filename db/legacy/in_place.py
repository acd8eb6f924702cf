"""A predecessor's sessions.db where our store is to be: a copy of it is kept beside it, and its records are moved over.

The new store is built beside the old file and takes its name in one step, when everything has been checked. Whoever is
killed before that leaves the old file, after it the new one.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from addons.domain.events import Event, Level
from db import foreign, place, schema
from db.clock import now_ms
from db.engine import writer
from db.legacy import backup, importing, source
from db.legacy.importing import Progress
from db.legacy.report import Report, in_words
from db.legacy.storing import Storing

log = logging.getLogger(__name__)

UNFINISHED = ".migrating"
"""Ends the name of a store that is being built; one that is left over is removed by the next start."""
BUSY_S = 60
"""How long to wait for another process: most likely it is doing this very work."""


def migrate(url: str, progress: Progress = lambda _done, _all: None) -> tuple[Report, Path] | None:
    """What was moved, and where the old file is kept; None where there is nothing to move.

    :raises UserError: if it cannot be done; the old file is then as it was.
    """
    parsed = place.parse(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = place.sqlite_path(parsed).resolve()  # beside the file itself, where the name is a link to it
    if not foreign.holds_predecessor(path):
        return None
    try:
        with _held(path) as is_predecessor:
            return _moved(path, parsed, progress) if is_predecessor else None
    except (sqlite3.Error, DBAPIError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise UserError(
            f"{path} was made by a predecessor of this proxy, and its records cannot be moved over: {cause}. It has "
            "been left as it is; stop the predecessor if it is running, and make sure that the folder can be written."
        ) from error


def kept_note(old: Path, keys: int) -> str:
    """What the person should do about the copy."""
    holds = f"it still holds the API keys of {keys} providers" if keys else "it may still hold API keys"
    return f"The old file is kept as {old}; {holds}: delete it once you are satisfied."


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Nobody else changes the file meanwhile; False where somebody has moved it over by now.

    Its -wal file, if there is one, is emptied and removed: beside the new store it would be taken for that one's.
    """
    identity = os.stat(path).st_ino
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=BUSY_S)) as connection:
        connection.isolation_level = None
        if not foreign.is_predecessor(
            connection
        ):  # the store has taken its name since: its journal is not ours to change
            yield False
            return
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != "delete":
            raise sqlite3.OperationalError("another program has it open")
        connection.execute("BEGIN IMMEDIATE")
        yield os.stat(path).st_ino == identity and foreign.is_predecessor(connection)


def _moved(path: Path, url: URL, progress: Progress) -> tuple[Report, Path]:
    at_ms = now_ms()
    unfinished = path.with_name(path.name + UNFINISHED)
    log.info("%s was made by a predecessor: moving its records over", path)
    _remove(unfinished)
    try:
        report = _built(path, url.set(database=str(unfinished)), progress, at_ms)
        old = backup.make(path, datetime.fromtimestamp(at_ms / 1000, UTC).date())
    except BaseException:
        _remove(unfinished)
        raise
    backup.sync(unfinished)
    os.replace(unfinished, path)
    backup.sync(path.parent)
    for line in in_words(report):
        log.info("%s", line)
    log.warning("%s", kept_note(old, report.keys))
    return report, old


def _built(path: Path, url: URL, progress: Progress, at_ms: int) -> Report:
    engine = writer(url.render_as_string(hide_password=False))
    try:
        schema.upgrade(engine)
        storing = Storing(lambda: engine, at_ms)
        with source.opened(path, is_held=True) as file:
            report = importing.run(file, storing, progress)
        storing.note(imported(report, path, at_ms))
    finally:
        engine.dispose()  # the last connection to close empties the -wal file and removes it
    return report


def imported(report: Report, path: Path, at_ms: int) -> Event:
    """For the store: that it was done, and what to do about the keys."""
    rows = {table.table: {"rows": table.rows, "new": table.new} for table in report.tables.values()}
    return Event(
        at_ms=at_ms,
        kind="legacy_import",
        level=Level.WARNING if report.keys else Level.INFO,
        message=f"{report.new:,} records of {path.name} were taken over"
        + (f"; the old file holds {report.keys} API keys: delete it once satisfied" if report.keys else ""),
        data={"file": str(path), "tables": rows},
    )


def _remove(unfinished: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
