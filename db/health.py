"""Whether the store can be used, for people who ask before they start, and how it does."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from addons.domain.true_windows import TrueWindow
from db import engine, place
from db.failures import cause
from db.queries import proxies, routes
from db.queries.proxies import ProxySign
from db.tables import events


@dataclass(frozen=True, slots=True)
class StoreFile:
    """The file of a SQLite store, as the disk has it."""

    path: Path
    mode: int
    """Permission bits."""
    size_bytes: int
    wal_bytes: int
    """Of the write-ahead log: what has not been moved into the file itself."""
    leftovers: tuple[Path, ...]
    """Copies of a predecessor's file beside it, which hold its keys."""


def check(url: str) -> str:
    """Where the store is, if its schema is current and it can be written; nothing stays changed.

    :raises StoreNotReady: if there is no database yet, or its tables are not current.
    :raises UserError: if it cannot be used.
    """
    engine.reader(url).dispose()
    writer = engine.writer(url)
    shown = place.shown(place.parse(url))
    try:
        with writer.connect() as connection, connection.begin() as tx:
            connection.execute(text("UPDATE counters SET value = value WHERE name = 'rev'"))
            tx.rollback()
    except DBAPIError as error:
        raise UserError(f"The database {shown} cannot be written: {cause(error)}.") from error
    finally:
        writer.dispose()
    return shown


def file_of(url: str) -> StoreFile | None:
    """None for a PostgreSQL store, and where there is no file yet.

    :raises UserError: if it is not the URL of a store.
    """
    parsed = place.parse(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = place.sqlite_path(parsed)
    try:
        found = path.stat()
        wal = path.with_name(path.name + "-wal")
        wal_bytes = wal.stat().st_size if wal.exists() else 0
    except OSError:
        return None
    return StoreFile(path, stat.S_IMODE(found.st_mode), found.st_size, wal_bytes, leftovers_of(path))


def leftovers_of(path: Path) -> tuple[Path, ...]:
    """Copies of a predecessor's file beside a store, which hold its keys."""
    return tuple(sorted(path.parent.glob(f"{path.name}.legacy-*")))


def damage(url: str) -> str:
    """What SQLite finds wrong in the file; "" where it finds nothing, and for other databases.

    :raises UserError: if it cannot be read.
    """
    with engine.opened(engine.reader, url) as reader, reader.connect() as connection:
        if connection.dialect.name != "sqlite":
            return ""
        try:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        except DBAPIError as error:
            return cause(error)
    return "" if found == "ok" else str(found)


def signs(url: str) -> list[ProxySign]:
    """Every proxy's latest sign of life.

    :raises UserError: if the store cannot be read.
    """
    with engine.opened(engine.reader, url) as reader, reader.connect() as connection:
        return proxies.signs(connection)


def free_bytes(path: Path) -> int:
    """Left to this user on the disk that a folder is on. :raises OSError: if it is not there."""
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


def windows_told(url: str) -> list[TrueWindow]:
    """The context windows that providers told.

    :raises UserError: if the store cannot be read.
    """
    with engine.opened(engine.reader, url) as reader, reader.connect() as connection:
        return routes.windows_told(connection)


@dataclass(frozen=True, slots=True)
class SeenEvent:
    at_ms: int
    message: str


def latest_event(url: str, kind: str) -> SeenEvent | None:
    """:raises UserError: if the store cannot be read."""
    statement = select(events.c.at_ms, events.c.message).where(events.c.kind == kind)
    with engine.opened(engine.reader, url) as reader, reader.connect() as connection:
        row = connection.execute(statement.order_by(events.c.at_ms.desc()).limit(1)).first()
    return SeenEvent(row.at_ms, row.message) if row else None
