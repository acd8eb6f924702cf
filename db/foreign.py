"""A file in the place of our database that is not ours: another program's, or a predecessor's.

`legacy.in_place` moves a predecessor's records over when the proxy starts; whoever comes before that leaves the file
as it is.
"""

import mmap
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from addons.domain.errors import UserError
from db import aside
from db.errors import StoreNotReady
from db.process_tables import Base

OURS = "alembic_version"
SIGNS = ("session_id", "estimated_tokens")
"""Columns of `metrics` in every version of the predecessor's sessions.db."""
DEFINITIONS = re.compile(rf"CREATE TABLE (?:{'|'.join(Base.metadata.tables)}) \(".encode())
"""How our tables are written down in the file. Of a schema as long as ours the first page holds only where the rest of
it is, so that these outlive a destroyed head."""
ENOUGH = 5
"""Tables whose definitions make a file ours: another program may have `sessions` and `settings` too."""


def refuse(path: Path) -> set[str]:
    """Looks at an existing file without changing it; an empty one is ours to fill. Returns the names of its tables.

    :raises StoreNotReady: if it is a predecessor's.
    :raises UserError: if it holds something else, or is damaged.
    """
    try:
        with closing(_opened(path)) as connection:
            tables = _tables(connection)
            predecessor = is_predecessor(connection)
    except sqlite3.DatabaseError as error:
        if aside.is_damage(error) and _defines_ours(path):
            raise UserError(f"{path} is damaged ({error}); the proxy puts it aside and begins a new one.") from error
        raise UserError(
            f"{path} cannot be read as a SQLite database ({error}); move it away, or {_ELSEWHERE}."
        ) from error
    if predecessor:
        raise StoreNotReady(
            f"{path} was made by a predecessor of this proxy: start the proxy once, it keeps a copy of the file and "
            "moves its records over."
        )
    if tables and OURS not in tables:
        raise UserError(f"{path} belongs to another program (tables: {', '.join(sorted(tables)[:5])}); {_ELSEWHERE}.")
    return tables


def holds_predecessor(path: Path) -> bool:
    """Whether there is a file, and it is a predecessor's; one that cannot be read is left to `refuse`."""
    if not path.is_file():
        return False
    try:
        with closing(_opened(path)) as connection:
            return is_predecessor(connection)
    except sqlite3.DatabaseError:
        return False


def is_ours(path: Path) -> bool:
    """Whether the file names our tables, whatever state they are in; also where SQLite cannot read it any more."""
    try:
        with closing(_opened(path)) as connection:
            return OURS in _tables(connection)
    except sqlite3.DatabaseError as error:
        return aside.is_damage(error) and _defines_ours(path)


def _defines_ours(path: Path) -> bool:
    """Looks through all bytes of the file: half a second for a gigabyte."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return len({found[0] for found in DEFINITIONS.finditer(content)}) >= ENOUGH


def is_predecessor(connection: sqlite3.Connection) -> bool:
    tables = _tables(connection)
    if OURS in tables or not tables >= {"sessions", "metrics"}:
        return False
    columns = {row[1] for row in connection.execute("PRAGMA table_info(metrics)")}
    return columns.issuperset(SIGNS)


_ELSEWHERE = "name another database in KIMI_DATABASE_URL"


def _opened(path: Path) -> sqlite3.Connection:
    """Read-only, unless somebody was killed while writing: SQLite must then roll back before anyone can read."""
    interrupted = path.with_name(path.name + "-journal").exists()
    mode = "rw" if interrupted else "ro"
    return sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=5)


def _tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows}
