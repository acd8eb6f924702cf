"""A file in the place of our database that is not ours.

This is where a predecessor's sessions.db will be recognised, backed up and migrated; until then it is left as it is.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from addons.domain.errors import UserError

PREDECESSOR_TABLES = {"providers", "metrics"}
"""Both are in every version of the predecessor's sessions.db, and neither is in ours."""


def refuse(path: Path) -> None:
    """Looks at an existing file without changing it; an empty one is ours to fill.

    :raises UserError: if it holds something else.
    """
    try:
        tables = _tables(path)
    except sqlite3.DatabaseError as error:
        raise UserError(
            f"{path} cannot be read as a SQLite database ({error}); move it away, or {_ELSEWHERE}."
        ) from error
    if not tables or "alembic_version" in tables:
        return
    if tables >= PREDECESSOR_TABLES:
        raise UserError(
            f"{path} was made by a predecessor of this proxy. It has been left as it is; move it away to start afresh, "
            f"or {_ELSEWHERE}."
        )
    raise UserError(f"{path} belongs to another program (tables: {', '.join(sorted(tables)[:5])}); {_ELSEWHERE}.")


_ELSEWHERE = "name another database in KIMI_DATABASE_URL"


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows}
