"""Statements that are compiled once for each database, and then only given their values.

For SQLAlchemy, building, keying and compiling a statement takes ten times as long as SQLite needs to carry it out; the
recorder writes small batches all day, in the process that carries the traffic.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, Table, UpdateBase

from db import upsert

Row = Mapping[str, Any]
Complete = Callable[[upsert.Insert], UpdateBase]


class Prepared:
    """Writes whole rows; a column that a row does not name gets its default, else NULL.

    Values reach the driver as they are: text, bytes, numbers, booleans and None.
    """

    def __init__(self, table: Table, complete: Complete = lambda insert: insert) -> None:
        """`complete` adds what is to happen where the row is there already, and what to return."""
        self._table = table
        self._complete = complete
        self._defaults = {column.name: _default(column.default) for column in table.columns if not _counted(column)}
        self._by_dialect: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, tx: Connection, rows: Sequence[Row]) -> None:
        sql, order = self._compiled(tx)
        if rows:
            tx.exec_driver_sql(sql, [self._values(row, order) for row in rows])

    def one(self, tx: Connection, row: Row) -> CursorResult[Any]:
        """For a statement that returns something."""
        sql, order = self._compiled(tx)
        return tx.exec_driver_sql(sql, self._values(row, order))

    def _compiled(self, tx: Connection) -> tuple[str, Sequence[str] | None]:
        """The text, and the names of its parameters in their order; None where the driver takes them by name."""
        found = self._by_dialect.get(tx.dialect.name)
        if found is None:
            # inline: a PostgreSQL insert would return its new keys, which nobody reads
            statement = self._complete(upsert.insert(tx, self._table).inline())
            compiled = statement.compile(dialect=tx.dialect, column_keys=list(self._defaults))
            self._defaults = {**compiled.params, **self._defaults}
            found = self._by_dialect[tx.dialect.name] = compiled.string, compiled.positiontup
        return found

    def _values(self, row: Row, order: Sequence[str] | None) -> Any:
        values = {**self._defaults, **row}
        return values if order is None else tuple([values[name] for name in order])


class Asked:
    """A SELECT with `bindparam`s for what changes; no `in_`, which is written out only when a statement runs."""

    def __init__(self, query: Select[Any]) -> None:
        self._query = query
        self._by_dialect: dict[str, tuple[str, Mapping[str, Any], Sequence[str] | None]] = {}

    def rows(self, tx: Connection, **values: Any) -> CursorResult[Any]:
        found = self._by_dialect.get(tx.dialect.name)
        if found is None:
            made = self._query.compile(dialect=tx.dialect)
            found = self._by_dialect[tx.dialect.name] = made.string, made.params, made.positiontup
        sql, usual, order = found
        given = {**usual, **values}
        return tx.exec_driver_sql(sql, given if order is None else tuple([given[name] for name in order]))


def _default(default: Any) -> Any:
    return default.arg if default is not None and default.is_scalar else None


def _counted(column: Any) -> bool:
    return column is column.table.autoincrement_column
