"""A predecessor's sessions.db, read. Columns that hold credentials are never selected: they do not reach our memory.

Users' files come from many versions: any table but `sessions` and `metrics` may be missing, and any column.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from addons.domain.errors import UserError
from db import foreign

Row = dict[str, Any]

FIRST = ("sessions", "metrics", "masked_content")
"""In this order, before all others."""
SECRET = re.compile(
    r"(?:^|_)(?:api_?keys?|secrets?|passwords?|credentials?|authorization|(?:access|auth|refresh)_token)$"
)
"""Names of columns that are never read."""
WAL = b"\x02\x02"
"""The bytes 18 and 19 of a file whose changes may stand in a -wal file."""


class Source:
    """One file, in one read transaction: what is counted is what is read."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self.columns = {name: self._columns_of(name) for name in self._tables()}
        """Of each table, those that are read."""

    def tables(self) -> list[str]:
        """`sessions` first: the others refer to it."""
        return sorted(self.columns, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))

    def count(self, table: str) -> int:
        found: int = self._connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0]
        return found

    def keys(self) -> int:
        """Providers whose API key is in the file. It is asked whether there is one, never which."""
        if "api_key" not in self._all_columns("providers"):
            return 0
        found: int = self._connection.execute(
            "SELECT count(*) FROM providers WHERE api_key IS NOT NULL AND length(api_key) > 0"
        ).fetchone()[0]
        return found

    def rows(self, table: str) -> Iterator[Row]:
        """In the order in which they were written."""
        columns = self.columns[table]
        if not columns:
            return
        names = ", ".join(map(quoted, columns))
        order = f" ORDER BY {quoted('id')}" if "id" in columns else ""
        for values in self._connection.execute(f"SELECT {names} FROM {quoted(table)}{order}"):
            yield dict(zip(columns, values, strict=True))

    def first_times(self) -> dict[Any, Any]:
        """When each session's first request was: what tells sessions apart whose own date is not known."""
        if not {"id", "session_id", "timestamp"} <= set(self.columns["metrics"]):
            return {}
        first = "SELECT min(id) FROM metrics GROUP BY session_id"
        return dict(self._connection.execute(f"SELECT session_id, timestamp FROM metrics WHERE id IN ({first})"))

    def _tables(self) -> list[str]:
        """SQLite's own left out."""
        found = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [name for (name,) in found if not name.startswith("sqlite_")]

    def _columns_of(self, table: str) -> Sequence[str]:
        return [name for name in self._all_columns(table) if not SECRET.search(name.lower())]

    def _all_columns(self, table: str) -> list[str]:
        return [row[1] for row in self._connection.execute(f"PRAGMA table_info({quoted(table)})")]


@contextmanager
def opened(path: Path, *, is_held: bool = False) -> Iterator[Source]:
    """Read-only. `is_held`: this process has it locked, and out of WAL mode.

    :raises UserError: if it is no predecessor's file, or cannot be read.
    """
    if not path.is_file():
        raise UserError(f"{path}: there is no such file; expected a predecessor's sessions.db.")
    try:
        # Closing a file that SQLite did not open would give up the lock: https://sqlite.org/howtocorrupt.html § 2.2
        mode = "mode=ro" if is_held else _mode(path)
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True, timeout=5)
    except (sqlite3.Error, OSError) as error:
        raise UserError(f"{path} cannot be opened: {error}.") from error
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    connection.isolation_level = None
    try:
        connection.execute("BEGIN")
        _require_predecessor(connection, path)
        yield Source(connection, path)
    except sqlite3.DatabaseError as error:
        raise UserError(f"{path} cannot be read as a SQLite database ({error}).") from error
    finally:
        connection.close()


def quoted(name: str) -> str:
    """A name as SQL takes it; users' files may have any."""
    return '"' + name.replace('"', '""') + '"'


def _mode(path: Path) -> str:
    """A reader of a file in WAL mode makes files beside it; where nothing waits in the -wal, that is not needed."""
    with path.open("rb") as file:
        is_wal = file.read(20)[18:20] == WAL
    waiting = path.with_name(path.name + "-wal")
    return "mode=ro&immutable=1" if is_wal and not (waiting.exists() and waiting.stat().st_size) else "mode=ro"


def _require_predecessor(connection: sqlite3.Connection, path: Path) -> None:
    if not foreign.is_predecessor(connection):
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = "alembic_version" in tables
        found = "this project's own store" if ours else f"tables: {', '.join(sorted(tables)[:5]) or 'none'}"
        raise UserError(
            f"{path} is not a predecessor's sessions.db ({found}); expected the tables sessions and metrics."
        )
