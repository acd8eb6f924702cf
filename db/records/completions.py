"""Completions: their rows, and the counters of their sessions and hours in the same transaction."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, String, Text, insert

from addons.domain.completion import Completion
from db import revs
from db.records import sums
from db.tables import completions as table
from db.text import storable

_FIELDS = {field.name for field in fields(Completion)}
_TEXTS = tuple(
    (column.name, column.type.length or 0)
    for column in table.columns
    if column.name in _FIELDS - {"session_id"} and isinstance(column.type, String) and not isinstance(column.type, Text)
)
"""Text columns that are clipped to their length; an id that does not fit is an error instead."""
_PLAIN = tuple(
    column.name for column in table.columns if column.name in _FIELDS - {"composition"} - {name for name, _ in _TEXTS}
)


def write(tx: Connection, records: Sequence[Completion], proxy_id: str) -> None:
    sums.raise_sessions(tx, records)
    sums.raise_hours(tx, records)
    found = revs.take(tx, len(records))
    tx.execute(insert(table), [_row(record, rev, proxy_id) for record, rev in zip(records, found, strict=True)])


def _row(completion: Completion, rev: int, proxy_id: str) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(completion, name) for name in _PLAIN}
    for name, limit in _TEXTS:
        value = getattr(completion, name)
        row[name] = None if value is None else storable(str(value), limit)
    row["composition"] = json.dumps(dict(completion.composition))
    row["proxy_id"] = row["proxy_id"] or proxy_id
    row["rev"] = rev
    return row
