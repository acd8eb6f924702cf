"""Copies of the store as one file, made while a proxy writes, and put back where none does.

A backup is a SQLite file like the store itself. The certificate authority's files lie beside it in the same file, in
a table of their own, where they were asked for: a single file is what people keep.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from addons.domain.errors import UserError
from db import foreign, place
from db.version import HEAD

BUSY_S = 10.0
UNFINISHED = ".unfinished"
FILES = "backup_files"
"""The table of the files that were put in besides: name, content."""
ALIVE_MS = 5_000
"""A proxy that was heard of within this time runs."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    schema: str
    sessions: int
    completions: int
    files: tuple[str, ...]
    """Names of the files besides."""


def sqlite_file(url: str) -> Path | None:
    """The store's file; None where the store is in PostgreSQL, which has tools of its own.

    :raises UserError: if it is not the URL of a store.
    """
    parsed = place.parse(url)
    return place.sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None


def make(source: Path, target: Path, files: Mapping[str, bytes]) -> Contents:
    """A sound copy for its owner alone; no file that is there is overwritten.

    :raises UserError: if there is no store, it is damaged, or the target is there or cannot be written.
    """
    place.require_file(source)
    foreign.refuse(source)
    unfinished = target.with_name(target.name + UNFINISHED)
    with _written(unfinished, target):
        with closing(_opened(source, "ro")) as store, closing(_opened(unfinished, "rw")) as copy:
            store.backup(copy)  # all at once: in parts it would begin again with each write of the proxy's
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            # Nobody writes to a copy: whoever starts on it would take its proxies for killed.
            copy.execute("UPDATE heartbeat SET stopped_at_ms = seen_at_ms WHERE stopped_at_ms IS NULL")
            if files:
                copy.execute(f"CREATE TABLE {FILES} (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
                copy.executemany(f"INSERT INTO {FILES} VALUES (?, ?)", list(files.items()))
            copy.commit()
        return look(unfinished)


def look(path: Path) -> Contents:
    """What a backup holds, when it is sound and this checkout knows its schema.

    :raises UserError: otherwise, with the reason.
    """
    if not path.is_file():
        raise UserError(f"There is no file {path}.")
    tables = foreign.refuse(path)
    if foreign.OURS not in tables:
        raise UserError(f"{path} is empty; expected a file that ./just backup has made.")
    try:
        with closing(_opened(path, "ro")) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise UserError(f"{path} is damaged: {found}.")
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if schema > HEAD:
                raise UserError(f"{path} has schema {schema}; this checkout knows them up to {HEAD}. Update it first.")
            sessions, completions = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("sessions", "completions")
            )
            return Contents(schema, sessions, completions, tuple(sorted(_files(connection))))
    except sqlite3.DatabaseError as error:
        raise UserError(f"{path} cannot be read: {error}.") from error


def refuse_running(path: Path, now_ms: int) -> None:
    """:raises UserError: while a proxy writes to the store there, or anybody has it open for writing."""
    if not path.is_file():
        return
    try:
        with closing(_opened(path, "rw")) as connection:
            running = "SELECT proxy_id, seen_at_ms FROM heartbeat WHERE stopped_at_ms IS NULL"
            beats = connection.execute(running).fetchall()
    except sqlite3.DatabaseError:
        return  # damaged, or not ours: whoever restores wants to be rid of it
    for proxy_id, seen_at_ms in beats:
        if abs(now_ms - seen_at_ms) < ALIVE_MS:
            raise UserError(f"Proxy {proxy_id} is running and writes to {path}; stop it first (Ctrl-C in ./just up).")


def restore(backup: Path, target: Path, aside: Path) -> dict[str, bytes]:
    """Puts a copy of the backup in the store's place; what was there, with its log, is put aside. The files besides.

    :raises UserError: if the store cannot be replaced; it is then as it was.
    """
    unfinished = target.with_name(target.name + UNFINISHED)
    with _written(unfinished, None):
        with closing(_opened(backup, "ro")) as source, closing(_opened(unfinished, "rw")) as copy:
            source.backup(copy)
            files = _files(copy)
            copy.execute(f"DROP TABLE IF EXISTS {FILES}")
            copy.commit()
            copy.execute("PRAGMA auto_vacuum = INCREMENTAL")  # as a new store has it
            copy.execute("VACUUM")  # or the authority's key would stay in free pages
        if target.exists():
            _put_aside(target, aside)
        os.replace(unfinished, target)
    return files


def _put_aside(target: Path, aside: Path) -> None:
    """With its log, so that nothing is lost: under the new name SQLite finds it by the same ending."""
    for suffix in ("-wal", "-shm", ""):
        if (path := target.with_name(target.name + suffix)).exists():
            os.replace(path, aside.with_name(aside.name + suffix))


@contextmanager
def _written(unfinished: Path, target: Path | None) -> Iterator[None]:
    """An empty file for the owner alone, to be filled; it takes the target's name, unless something fails."""
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        yield
        if target is not None:
            os.link(unfinished, target)  # a rename would overwrite
            unfinished.unlink()
    except FileExistsError as error:
        raise UserError(f"{target} is there already; name another file.") from error
    except OSError as error:
        raise UserError(f"{error.filename or unfinished} cannot be written: {error.strerror}.") from error
    except sqlite3.DatabaseError as error:
        raise UserError(f"The copy could not be made: {error}.") from error
    finally:
        for suffix in ("", "-journal"):
            unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)


def _files(connection: sqlite3.Connection) -> dict[str, bytes]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (FILES,)).fetchone():
        return {}
    return dict(connection.execute(f"SELECT name, content FROM {FILES}").fetchall())


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=BUSY_S)
