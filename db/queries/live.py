"""The session page's questions: the latest requests of one session, and what has changed since they were read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select

from db.models import Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """One completion, with what the session page draws; the names are those of the columns."""

    id: int
    rev: int
    session_id: str | None
    started_at_ms: int
    provider: str
    model: str
    routed_from: str
    kind: str
    status: int | None
    outcome: str
    error_class: str
    prompt_tokens_before: int | None
    prompt_tokens_sent: int | None
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    reasoning_tokens: int | None
    usage_source: str | None
    context_window: int | None
    context_fill: float | None
    memory_tokens: int | None
    memory_ratio: float | None
    compressed_tokens_saved: int | None
    epoch: bool
    turn: int | None
    ttfb_ms: float | None
    duration_ms: float | None
    cost_usd: float | None
    prompt_tokens_calibrated: int | None = None
    """The estimate of what was sent, as the model was known to count then."""
    composition: Mapping[str, int] = field(default_factory=dict)
    """Estimated tokens as forwarded, by what they are."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a session."""

    rows: list[LiveRow]
    """Oldest first."""
    total: int
    """All completions of the session: the last row is its number `total`."""
    rev: int
    """The store's latest change when this was read; what comes later is in `changed_since`."""


_NAMES = tuple(LiveRow.__slots__)
_COLUMNS = [getattr(Completion, name) for name in _NAMES]


def tail(tx: Connection, session_id: str, limit: int) -> Tail:
    """The latest `limit` completions of a session."""
    rev = tx.scalar(select(func.max(Completion.rev))) or 0
    total = tx.scalar(select(func.count()).where(Completion.session_id == session_id)) or 0
    latest = select(*_COLUMNS).where(Completion.session_id == session_id).order_by(Completion.id.desc()).limit(limit)
    rows = [_row(found) for found in tx.execute(latest)]
    return Tail(rows[::-1], total, rev)


def changed_since(tx: Connection, rev: int, limit: int) -> list[LiveRow]:
    """Completions of any session written or corrected after `rev`, in that order, at most `limit`.

    All sessions, so that every open tab shares one answer, and so that SQLite reads along
    `rev` and not through the session.
    """
    changed = select(*_COLUMNS).where(Completion.rev > rev).order_by(Completion.rev).limit(limit)
    return [_row(found) for found in tx.execute(changed)]


def _row(found: Row[Any]) -> LiveRow:
    values = dict(zip(_NAMES, found, strict=True))
    values["composition"] = json.loads(values["composition"] or "{}")
    return LiveRow(**values)
