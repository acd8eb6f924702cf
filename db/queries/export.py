"""All completions, row by row, for files: in memory only a few thousand at once, and no read lasts long.

A long read would keep SQLite's write-ahead log from being emptied, so the rows come in ranges of ids, each its own
read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, func, select

from addons.domain.selection import Selection
from db.queries.proxies import of_user
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

EVERYTHING = Selection()

_STARTED = EXPORT_COLUMNS.index("started_at")


def rows(engine: Engine, wanted: Selection = EVERYTHING) -> Iterator[dict[str, Any]]:
    """The rows there are now, oldest first, by EXPORT_COLUMNS; None where a value is not known.

    Rows of deleted sessions are left out.
    """
    conditions = _conditions(wanted)
    statement = _statement(conditions)
    with engine.connect() as connection:
        first, last = connection.execute(_ends(wanted)).one()
    for start in range(first, last + 1, RANGE) if first is not None else ():
        end = min(start + RANGE - 1, last)
        with engine.connect() as connection:
            found = connection.execute(statement.where(completions.c.id.between(start, end))).all()
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


def _conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    table = completions.c
    conditions = [] if wanted.session is None else [table.session_id == wanted.session]
    for name in ("project", "provider", "model", "kind", "outcome"):
        if (value := getattr(wanted, name)) is not None:
            conditions.append(_unindexed(table[name]) == value)
    if wanted.user is not None:
        conditions.append(of_user(table.proxy_id, wanted.user))
    if wanted.proxy is not None:
        conditions.append(_unindexed(table.proxy_id) == wanted.proxy)
    if wanted.since is not None:
        conditions.append(_unindexed(table.started_at_ms) >= wanted.since)
    if wanted.until is not None:
        conditions.append(_unindexed(table.started_at_ms) < wanted.until)
    return conditions


def _ends(wanted: Selection) -> Select[Any]:
    """The first and the last id that can be meant; apart, because SQLite takes each from an index only then."""
    ends = []
    for end in (func.min, func.max):
        query = select(end(completions.c.id))
        if wanted.session is not None:
            query = query.where(completions.c.session_id == wanted.session)
        elif wanted.since is not None:
            query = query.where(completions.c.started_at_ms >= wanted.since)
        ends.append(query.scalar_subquery())
    return select(*ends)


def _statement(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    special = {"session_name": sessions.c.name, "started_at": completions.c.started_at_ms}
    columns = [special[name] if name in special else completions.c[name] for name in EXPORT_COLUMNS]
    joined = completions.outerjoin(sessions, completions.c.session_id == sessions.c.id)
    shown = sessions.c.deleted_at_ms.is_(None)
    return select(*columns).select_from(joined).where(shown, *conditions).order_by(completions.c.id)
