"""How SQLite goes about what a query asks."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event


def plan_of(tx: Connection, ask: Callable[[Connection], object]) -> list[str]:
    """The steps of all statements that `ask` sends."""
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", hear)
    ask(tx)
    event.remove(tx, "before_cursor_execute", hear)
    return [step[3] for sql, parameters in said for step in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
