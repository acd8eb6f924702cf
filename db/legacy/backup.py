"""A copy of a predecessor's file beside it, made by SQLite and checked; no file that is there is ever overwritten."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path
from urllib.parse import quote

from addons.domain.errors import UserError

UNFINISHED = ".backing-up"
"""Ends the name of a copy that is not complete; one that is left over is removed by the next start."""


def make(path: Path, day: date) -> Path:
    """The copy: for its owner alone, on disk, and sound.

    :raises UserError: if it is not what the file is.
    :raises OSError: if it cannot be written.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_opened(path, "ro")) as old, closing(_opened(unfinished, "rw")) as new:
            old.backup(new)
            _check(old, new, path)
        sync(unfinished)
        return _named(unfinished, path, day)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def names(path: Path, day: date) -> Iterator[Path]:
    """Where the copy may be, the first choice first."""
    first = path.with_name(f"{path.name}.legacy-{day.isoformat()}")
    yield first
    yield from (first.with_name(f"{first.name}-{number}") for number in count(2))


def sync(path: Path) -> None:
    """Onto the disk; of a folder, the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(unfinished: Path, path: Path, day: date) -> Path:
    """A link, because a rename would overwrite."""
    for name in names(path, day):
        try:
            os.link(unfinished, name)
        except FileExistsError:
            continue
        unfinished.unlink()
        sync(path.parent)
        return name
    raise AssertionError("names do not end")


def _check(old: sqlite3.Connection, new: sqlite3.Connection, path: Path) -> None:
    (found,) = new.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise UserError(f"{path} is damaged ({found}); it has been left as it is.")
    tables = [name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        query = f"""SELECT count(*) FROM "{table.replace('"', '""')}" """
        if old.execute(query).fetchone() != new.execute(query).fetchone():
            raise UserError(f"{path}: the copy of its table {table} is not complete; the file has been left as it is.")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=5)
