"""Where the store is: the URL as the person gave it, checked, and the file behind a SQLite one."""

import errno
import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from addons.domain.errors import UserError
from db import postgresql
from db.errors import StoreNotReady

EXPECTED = "expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"


def parse(url: str) -> URL:
    """:raises UserError: if it is not the URL of a database this project can use; a password in it is not repeated."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise UserError(f"KIMI_DATABASE_URL cannot be read as a database URL; {EXPECTED}.") from None
    if parsed.drivername in ("postgresql", "postgres"):  # whose driver differs between SQLAlchemy 2.0 and 2.1
        parsed = parsed.set(drivername="postgresql+psycopg")
    backend, database = parsed.get_backend_name(), parsed.database or ""
    wrong_file = backend == "sqlite" and (not database or database == ":memory:" or database.startswith("file:"))
    if (backend != "sqlite" and parsed.drivername != "postgresql+psycopg") or wrong_file:
        raise UserError(f"KIMI_DATABASE_URL is {_rendered(parsed)!r}; {EXPECTED}.")
    return parsed


def sqlite_path(url: URL) -> Path:
    """The file, absolute."""
    return Path(url.database or "").expanduser().absolute()


def sqlite_url(url: URL, mode: str) -> URL:
    """The same file, opened so that SQLite never creates it: mode `ro` or `rw`."""
    return url.set(database=f"file:{quote(str(sqlite_path(url)))}", query={**url.query, "mode": mode, "uri": "true"})


def shown(url: URL) -> str:
    """For messages: the path of a SQLite file, else the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return unquote((url.database or "").removeprefix("file:"))
    return _rendered(url)


def _rendered(url: URL) -> str:
    return postgresql.without_secrets(url).render_as_string(hide_password=True)


def identity(url: str) -> tuple[int, int] | None:
    """What tells the file of a SQLite URL from another one of its name; None where there is none, or no file at all."""
    path = file_of(url)
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


@lru_cache(maxsize=16)
def file_of(url: str) -> Path | None:
    """Of SQLite; None for a server. Remembered, because `identity` is asked for with every batch.

    :raises UserError: if it is not the URL of a database this project can use.
    """
    parsed = parse(url)
    return sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None


def make_file(path: Path) -> None:
    """An empty file for the owner alone, unless there is one.

    SQLite gives the -wal and -shm files the mode of the database, so making it here first, with the mode in the same
    call, leaves no moment at which another user could open any of the three.

    A file that is there is not opened: closing it would drop every lock that this process's connections hold on it
    (POSIX locks belong to the process, https://sqlite.org/howtocorrupt.html § 2.2), and the next program to leave would
    take the write-ahead log with it, with all that is written from then on.

    :raises UserError: if the folder is missing or the file cannot be made.
    """
    if not path.parent.is_dir():
        raise UserError(f"KIMI_DATABASE_URL: the folder {path.parent} does not exist; make it, or name another place.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not (path.is_file() and os.access(path, os.R_OK | os.W_OK)):
            reason = os.strerror(errno.EACCES if path.is_file() else errno.EISDIR)
            raise UserError(f"KIMI_DATABASE_URL: {path} cannot be written: {reason}.") from None
    except OSError as error:
        raise UserError(f"KIMI_DATABASE_URL: {path} cannot be written: {error.strerror}.") from error


def require_file(path: Path) -> None:
    """:raises StoreNotReady: if there is no database yet."""
    if not path.is_file():
        raise StoreNotReady(f"There is no database at {path} yet: start the proxy once, it makes it.")
