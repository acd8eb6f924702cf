"""Completions: their rows, and the counters of their sessions and hours in the same transaction."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, String, insert

from addons.domain.completion import Completion
from db import revs
from db.records import sums
from db.tables import completions as table
from db.text import safe, storable

_SPECIAL = {"session_id", "error_message", "composition"}
_STORED = [column for column in table.columns if column.name in {field.name for field in fields(Completion)} - _SPECIAL]
_TEXTS = {column.name: column.type.length for column in _STORED if isinstance(column.type, String)}
"""Text columns, clipped to their length."""
_PLAIN = [column.name for column in _STORED if column.name not in _TEXTS]


def write(tx: Connection, records: Sequence[Completion], proxy_id: str) -> None:
    sums.raise_sessions(tx, records)
    sums.raise_hours(tx, records)
    found = revs.take(tx, len(records))
    tx.execute(insert(table), [_row(record, rev, proxy_id) for record, rev in zip(records, found, strict=True)])


def _row(completion: Completion, rev: int, proxy_id: str) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(completion, name) for name in _PLAIN}
    for name, limit in _TEXTS.items():
        value = getattr(completion, name)
        row[name] = None if value is None else storable(str(value), limit or len(value))
    row["session_id"] = completion.session_id  # never clipped: two sessions would become one
    row["error_message"] = safe(completion.error_message, 500)
    row["composition"] = json.dumps(dict(completion.composition))
    row["proxy_id"] = row["proxy_id"] or proxy_id
    row["rev"] = rev
    return row
