"""All completions, row by row, for files: in memory only a few thousand at once, and no read lasts long.

A long read would keep SQLite's write-ahead log from being emptied, so the rows come in ranges of ids, each its own
read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, func, select

from db.tables import completions, sessions

EXPORT_COLUMNS = (
    *("id", "session_id", "session_name", "project", "started_at", "source"),
    *("provider", "model", "routed_from", "kind", "stream", "status", "outcome", "error_class", "error_message"),
    *("prompt_tokens_before", "prompt_tokens_sent"),
    *("prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "usage_source"),
    *("context_window", "context_fill", "memory_tokens", "memory_ratio"),
    *("masked_count", "masked_tokens_saved", "compressed_tokens_saved", "epoch"),
    *("rate_wait_ms", "ttfb_ms", "duration_ms", "overhead_ms", "cost_usd", "cost_unmodified_usd"),
)
"""Stable: the header of the CSV and the keys of the JSON, which people's scripts read."""

RANGE = 5_000
"""Ids in one read: about 20 ms."""

_STARTED = EXPORT_COLUMNS.index("started_at")


def rows(
    engine: Engine,
    *,
    session_id: str | None = None,
    since_ms: int | None = None,
    until_ms: int | None = None,
    provider: str | None = None,
    model: str | None = None,
    kind: str | None = None,
    outcome: str | None = None,
) -> Iterator[dict[str, Any]]:
    """The rows there are now, oldest first, by EXPORT_COLUMNS; None where a value is not known.

    Rows of deleted sessions are left out. `until_ms` itself is not part of the time.
    """
    table = completions.c
    conditions = [] if session_id is None else [table.session_id == session_id]
    equal = {"provider": provider, "model": model, "kind": kind, "outcome": outcome}
    conditions += [_unindexed(table[name]) == value for name, value in equal.items() if value is not None]
    if since_ms is not None:
        conditions.append(_unindexed(table.started_at_ms) >= since_ms)
    if until_ms is not None:
        conditions.append(_unindexed(table.started_at_ms) < until_ms)
    statement = _statement(conditions)
    with engine.connect() as connection:
        first, last = connection.execute(_ends(session_id, since_ms)).one()
    for start in range(first, last + 1, RANGE) if first is not None else ():
        end = min(start + RANGE - 1, last)
        with engine.connect() as connection:
            found = connection.execute(statement.where(table.id.between(start, end))).all()
        for row in found:
            values = list(row)
            values[_STARTED] = utc_text(values[_STARTED])
            yield dict(zip(EXPORT_COLUMNS, values, strict=True))


def utc_text(at_ms: int) -> str:
    """ISO 8601 with milliseconds, as `2026-11-01T09:30:00.000Z`."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Keeps the database from taking this column's index: it would read its whole range again for each range of ids."""
    return func.coalesce(column, column)


def _ends(session_id: str | None, since_ms: int | None) -> Select[Any]:
    """The first and the last id that can be meant; apart, because SQLite takes each from an index only then."""
    ends = []
    for end in (func.min, func.max):
        query = select(end(completions.c.id))
        if session_id is not None:
            query = query.where(completions.c.session_id == session_id)
        elif since_ms is not None:
            query = query.where(completions.c.started_at_ms >= since_ms)
        ends.append(query.scalar_subquery())
    return select(*ends)


def _statement(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    special = {"session_name": sessions.c.name, "started_at": completions.c.started_at_ms}
    columns = [special[name] if name in special else completions.c[name] for name in EXPORT_COLUMNS]
    joined = completions.outerjoin(sessions, completions.c.session_id == sessions.c.id)
    shown = sessions.c.deleted_at_ms.is_(None)
    return select(*columns).select_from(joined).where(shown, *conditions).order_by(completions.c.id)
