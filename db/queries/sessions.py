"""Questions about sessions, answered from their own counters: no completion is read."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from db.models import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session with its counters; the names are those of the columns."""

    id: str
    name: str
    project: str
    source: str
    provider: str
    model: str
    created_at_ms: int
    last_seen_ms: int
    pinned: bool
    completions: int
    turns: int
    errors: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    saved_tokens: int
    cost_usd: float
    cost_unmodified_usd: float
    unpriced: int
    context_window: int | None
    context_fill: float | None
    memory_tokens: int | None
    memory_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Which sessions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    """Of the latest completion."""
    text: str = ""
    """Part of the name, project or model, in any case."""


_NAMES = tuple(SessionRow.__slots__)
_COLUMNS = [getattr(Session, name) for name in _NAMES]


def one(tx: Connection, session_id: str) -> SessionRow | None:
    """The session, or None where it does not exist or is deleted."""
    found = tx.execute(select(*_COLUMNS).where(Session.id == session_id, Session.deleted_at_ms.is_(None))).first()
    return None if found is None else SessionRow(**dict(zip(_NAMES, found, strict=True)))


def last_active(tx: Connection) -> SessionRow | None:
    """The session seen last, pinned or not; None before there is one."""
    query = select(*_COLUMNS).where(Session.deleted_at_ms.is_(None)).order_by(Session.last_seen_ms.desc()).limit(1)
    found = tx.execute(query).first()
    return None if found is None else SessionRow(**dict(zip(_NAMES, found, strict=True)))


def latest(tx: Connection, wanted: SessionFilter, limit: int, offset: int = 0) -> list[SessionRow]:
    """Pinned sessions first, then by when they were last seen."""
    order = (Session.pinned.desc(), Session.last_seen_ms.desc(), Session.id)
    rows = tx.execute(_where(select(*_COLUMNS), wanted).order_by(*order).limit(limit).offset(offset))
    return [SessionRow(**dict(zip(_NAMES, row, strict=True))) for row in rows]


def count(tx: Connection, wanted: SessionFilter) -> int:
    return tx.scalar(_where(select(func.count()).select_from(Session), wanted)) or 0


def newest_since(tx: Connection, since_ms: int) -> str | None:
    """The id of the first session seen at or after a moment: what a set-up page waits for."""
    first = _where(select(Session.id), SessionFilter(since_ms=since_ms)).order_by(Session.last_seen_ms).limit(1)
    found: str | None = tx.scalar(first)
    return found


def _where(query: Select[Any], wanted: SessionFilter) -> Select[Any]:
    query = query.where(Session.deleted_at_ms.is_(None))
    if wanted.since_ms is not None:
        query = query.where(Session.last_seen_ms >= wanted.since_ms)
    if wanted.provider:
        query = query.where(Session.provider == wanted.provider)
    if wanted.text:
        columns = (Session.name, Session.project, Session.model)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return query
