"""INSERT … ON CONFLICT, as both databases understand it."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from db import upsert
from db.tables import sessions


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda dialect: dialect.name)
def test_an_upsert_adds_and_keeps_the_larger(dialect: Dialect) -> None:
    connection: Any = SimpleNamespace(dialect=dialect)
    statement = upsert.insert(connection, sessions)
    changes = {
        **upsert.added(statement, sessions, ["errors"]),
        "turns": upsert.larger(statement, sessions, "turns"),
    }
    conflict = statement.on_conflict_do_update(index_elements=[sessions.c.id], set_=changes)
    sql = " ".join(str(conflict.compile(dialect=dialect)).split())
    assert "ON CONFLICT (id) DO UPDATE SET" in sql
    assert "errors = (sessions.errors + excluded.errors)" in sql
    assert "turns = CASE WHEN (excluded.turns > sessions.turns) THEN excluded.turns ELSE sessions.turns END" in sql
