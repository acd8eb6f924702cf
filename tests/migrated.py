"""New SQLite stores without Alembic: what the migrations made of the first one is made again from its dump.

They take 0.1 s each time, which two thousand tests would wait for. What is not empty, or on PostgreSQL, is migrated.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect

from db.engine import writer

Migrate = Callable[[Connection], None]


class Migrated:
    """In the place of `db.schema._migrate`."""

    def __init__(self, migrate: Migrate, folder: Path) -> None:
        self._migrate, self._folder = migrate, folder
        self._statements: list[str] = []

    def __call__(self, tx: Connection) -> None:
        if tx.dialect.name != "sqlite" or inspect(tx).get_table_names():
            self._migrate(tx)
            return
        self._statements = self._statements or self._written_down()
        for statement in self._statements:
            tx.exec_driver_sql(statement)

    def _written_down(self) -> list[str]:
        path = self._folder / "migrated.db"
        engine = writer(f"sqlite:///{path}")
        with engine.begin() as tx:
            self._migrate(tx)
        engine.dispose()
        with closing(sqlite3.connect(path)) as connection:
            return [line for line in connection.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
