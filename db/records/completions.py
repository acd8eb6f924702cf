"""Rows of completions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, String

from addons.domain.completion import Completion
from addons.domain.composition import Large
from db.prepared import Prepared
from db.tables import completions as table
from db.text import safe, storable

_JSON = ("parts", "tool_tokens", "largest", "headers")
_SPECIAL = {"session_id", "error_message", "composition", *_JSON}
_STORED = [column for column in table.columns if column.name in {field.name for field in fields(Completion)} - _SPECIAL]
_TEXTS = {column.name: column.type.length for column in _STORED if isinstance(column.type, String)}
"""Text columns, clipped to their length."""
_PLAIN = [column.name for column in _STORED if column.name not in _TEXTS]
_plain_values = attrgetter(*_PLAIN)
_LARGE = [field.name for field in fields(Large)]
_values_of_large = attrgetter(*_LARGE)
_ROW = Prepared(table)


def write(tx: Connection, records: Sequence[Completion], revs: Iterator[int], proxy_id: str) -> None:
    """Each takes a rev; their sessions have rows."""
    _ROW.run(tx, [_row(record, next(revs), proxy_id) for record in records])


def _row(completion: Completion, rev: int, proxy_id: str) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(_PLAIN, _plain_values(completion), strict=True))
    for name, limit in _TEXTS.items():
        value = getattr(completion, name)
        row[name] = None if value is None else storable(str(value), limit or len(value))
    row["session_id"] = completion.session_id  # never clipped: two sessions would become one
    row["error_message"] = safe(completion.error_message, 500)
    row["composition"] = json.dumps(dict(completion.composition))
    row["parts"] = _json(dict(completion.parts))
    row["tool_tokens"] = _json({tool_name(name): tokens for name, tokens in completion.tool_tokens.items()})
    row["largest"] = _json([_large(large) for large in completion.largest])
    row["headers"] = _headers(completion)
    row["proxy_id"] = row["proxy_id"] or proxy_id
    row["rev"] = rev
    return row


def _headers(completion: Completion) -> str | None:
    if not any(completion.headers.values()):
        return None
    sides = completion.headers.items()
    return json.dumps({side: dict(_header(*each) for each in headers.items()) for side, headers in sides})


@lru_cache(maxsize=2_000)
def _header(name: str, value: str) -> tuple[str, str]:
    """Together, because the name may say that the value is a secret. Remembered: a client sends the same ones again."""
    text = f"{name}: {value}"
    name, _, value = safe(text, 2 * len(text)).partition(": ")  # what takes the place of a secret may be longer than it
    return name, value


def _large(large: Large) -> dict[str, Any]:
    return {**dict(zip(_LARGE, _values_of_large(large), strict=True)), "tool": tool_name(large.tool)}


def _json(value: dict[str, int] | list[dict[str, Any]]) -> str | None:
    return json.dumps(value) if value else None


@lru_cache(maxsize=1_000)
def tool_name(name: str) -> str:
    """As it is stored. Remembered, because the same tools come again with each request."""
    return safe(name, 200)
