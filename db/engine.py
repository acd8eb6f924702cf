"""The three ways to open the store: to write it (the proxy), to read it (the dashboard, the command line), and to ask
the proxy for something (the dashboard's settings and commands)."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from addons.domain.errors import UserError
from db import foreign, place, postgresql, version
from db.failures import cause

BUSY_S = 5.0
"""How long a connection waits for another's transaction."""
CONTROL_BUSY_S = 3.0
"""The same where a person waits for the click to take effect."""
CONTROL_TABLES = ("settings", "commands")

OnConnect = Callable[[Any], None]


def writer(url: str) -> Engine:
    """For the proxy: reads and writes, and makes the file where there is none.

    Transactions take the write lock at their beginning, so none fails half-way because another came first.

    :raises UserError: if the database cannot be used; a file that is not ours has not been changed.
    """
    parsed = place.parse(url)
    if parsed.get_backend_name() == "postgresql":
        return _create(parsed, postgresql.for_writing, connect=postgresql.connect_options(parsed))
    path = place.sqlite_path(parsed)
    place.make_file(path)
    foreign.refuse(path)
    return _immediate(_create(place.sqlite_url(parsed, "rw"), _for_writing, connect={"timeout": BUSY_S}))


def reader(url: str) -> Engine:
    """Read-only, without transactions: each statement sees the newest state, and none holds up the checkpoints.

    :raises StoreNotReady: if there is no database, or its tables are not there yet.
    :raises UserError: if the database cannot be used.
    """
    parsed = place.parse(url)
    if parsed.get_backend_name() == "postgresql":
        options = postgresql.connect_options(parsed)
        engine = _create(parsed, postgresql.read_only, connect=options, isolation_level="AUTOCOMMIT")
    else:
        place.require_file(place.sqlite_path(parsed))
        foreign.refuse(place.sqlite_path(parsed))
        read_only = place.sqlite_url(parsed, "ro")
        engine = _create(read_only, _sqlite_read_only, connect={"timeout": BUSY_S}, isolation_level="AUTOCOMMIT")
    _check(engine)
    return engine


def control(url: str) -> Engine:
    """For the dashboard's settings and commands: one connection, and on SQLite a guard that refuses every other table.

    On PostgreSQL that is a matter of the role's grants.

    :raises StoreNotReady: if there is no database, or its tables are not there yet.
    :raises UserError: if the database cannot be used.
    """
    parsed = place.parse(url)
    if parsed.get_backend_name() == "postgresql":
        options = postgresql.connect_options(parsed)
        engine = _create(parsed, postgresql.for_writing, connect=options, pool_size=1, max_overflow=0)
    else:
        place.require_file(place.sqlite_path(parsed))
        foreign.refuse(place.sqlite_path(parsed))
        read_write = place.sqlite_url(parsed, "rw")
        patience = {"timeout": CONTROL_BUSY_S}
        engine = _create(read_write, _sqlite_control, connect=patience, pool_size=1, max_overflow=0)
        _immediate(engine)
    _check(engine)
    return engine


@contextmanager
def opened(way: Callable[[str], Engine], url: str) -> Iterator[Engine]:
    """An engine for a single use."""
    engine = way(url)
    try:
        yield engine
    finally:
        engine.dispose()


def serialize(tx: Connection, key: int, patience_s: int | None = None) -> None:
    """Lets one transaction at a time pass for this key, until it ends. SQLite's begin with the write lock already.

    `patience_s` is how long to wait, here and for the rest of the transaction, instead of as long as usual.
    """
    if tx.dialect.name == "postgresql":
        if patience_s is not None:
            tx.execute(text(f"SET LOCAL lock_timeout = '{patience_s}s'"))
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _create(url: URL, on_connect: OnConnect, *, connect: Mapping[str, object], **options: Any) -> Engine:
    """Parameters never show in an error's text, because errors are logged and the parameters are what was recorded."""
    try:
        engine = create_engine(url, connect_args=connect, hide_parameters=True, pool_pre_ping=True, **options)
    except ImportError as error:  # also where psycopg is there without the library it wraps
        raise UserError(f"KIMI_DATABASE_URL needs a client of PostgreSQL: {postgresql.INSTALL}") from error

    @event.listens_for(engine, "connect")
    def _(connection: Any, _entry: ConnectionPoolEntry) -> None:
        on_connect(connection)

    return engine


def _immediate(engine: Engine) -> Engine:
    """The driver's own BEGIN would be deferred, and come too late for DDL."""

    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _(tx: Connection) -> None:
        tx.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _check(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            version.check_readable(connection)
    except UserError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        raise UserError(f"The database {place.shown(engine.url)} cannot be read: {cause(error)}.") from error


def _for_writing(connection: sqlite3.Connection) -> None:
    # Before anything is in a new file; one that has tables keeps what it was made with.
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: survives a crash of the process, not of the power
    connection.execute("PRAGMA foreign_keys = ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """The change itself does not wait for a busy database, so two processes that make one together meet here."""
    give_up = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _sqlite_read_only(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = 1")


def _sqlite_control(connection: sqlite3.Connection) -> None:
    changes = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
    harmless = (
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_PRAGMA,
    )

    def allowed(action: int, first: str | None, *_: str | None) -> int:
        fine = action in harmless or (action in changes and first in CONTROL_TABLES)
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    connection.set_authorizer(allowed)
