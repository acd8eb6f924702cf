"""INSERT … ON CONFLICT, which SQLite and PostgreSQL write the same way and SQLAlchemy offers per dialect."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, case
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert(tx: Connection, table: Table) -> Insert:
    """An insert for this connection's database, with `on_conflict_do_update` and `excluded`."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def replacing(statement: Insert, table: Table) -> Insert:
    """The whole row anew where its primary key is there already."""
    keys = list(table.primary_key.columns)
    changes = {column.name: statement.excluded[column.name] for column in table.columns if column not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def added(statement: Insert, table: Table, names: Iterable[str]) -> dict[str, ColumnElement[float]]:
    """`column = column + new` for each name."""
    return {name: table.c[name] + statement.excluded[name] for name in names}


def larger(statement: Insert, table: Table, name: str) -> ColumnElement[int]:
    """The larger of the stored and the new value; CASE, because SQLite says max() and PostgreSQL greatest()."""
    new, stored = statement.excluded[name], table.c[name]
    return case((new > stored, new), else_=stored)
