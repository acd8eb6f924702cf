"""Questions about sessions, answered from their own counters: no completion is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from db.managed_tables import ManagedSession, MergedRow
from db.models import Session
from db.queries.matching import WHERE, matching
from db.queries.tallied import total


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
    """User messages of its longest conversation, from its beginning."""
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
    deleted_at_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Which sessions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    """Of the latest completion."""
    model: str = ""
    """Likewise."""
    project: str = ""
    source: str = ""
    pinned: bool = False
    deleted: bool = False
    """Those that can be restored, instead of those that are shown."""
    text: str = ""
    """Part of the name, project, model or id, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSums:
    """Of whole sessions, from their counters."""

    sessions: int
    completions: int
    errors: int
    prompt_tokens: int
    """Reported, else estimated."""
    completion_tokens: int
    saved_tokens: int
    """Estimate."""
    cost_usd: float
    cost_unmodified_usd: float
    unpriced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSums:
    """Of the sessions of one project; "" is the project of those that name none."""

    project: str
    sessions: int
    completions: int
    prompt_tokens: int
    completion_tokens: int
    saved_tokens: int
    cost_usd: float
    unpriced: int
    last_seen_ms: int


SORTS: dict[str, ColumnElement[Any]] = {
    "seen": Session.last_seen_ms.desc(),
    "started": Session.created_at_ms.desc(),
    "cost": Session.cost_usd.desc(),
    "tokens": (Session.prompt_tokens + Session.completion_tokens).desc(),
    "requests": Session.completions.desc(),
    "fill": func.coalesce(Session.context_fill, -1).desc(),
    "saved": Session.saved_tokens.desc(),
}
"""Ways to sort, the first is the usual one."""

_NAMES = tuple(SessionRow.__slots__)
_COLUMNS = [getattr(Session, name) for name in _NAMES]
_SHOWN = Session.deleted_at_ms.is_(None)


def one(tx: Connection, session_id: str) -> SessionRow | None:
    """The session, or the one that it was merged into; None where it does not exist or is deleted."""
    merged = select(ManagedSession.continued_in).where(ManagedSession.session_id == session_id)
    wanted = (session_id, tx.scalar(merged) or session_id)
    found = tx.execute(select(*_COLUMNS).where(Session.id.in_(wanted), _SHOWN)).first()
    return None if found is None else _row(found)


def last_active(tx: Connection) -> SessionRow | None:
    """The session seen last, pinned or not; None before there is one."""
    found = tx.execute(select(*_COLUMNS).where(_SHOWN).order_by(Session.last_seen_ms.desc()).limit(1)).first()
    return None if found is None else _row(found)


def latest(tx: Connection, wanted: SessionFilter, limit: int, offset: int = 0, sort: str = "seen") -> list[SessionRow]:
    """Pinned sessions first, then as SORTS says."""
    order = (Session.pinned.desc(), SORTS[sort], Session.last_seen_ms.desc(), Session.id)
    # Sorted by id alone: whole rows would have the keys of all messages read, which stand in the midst of each.
    ids = _where(select(Session.id), wanted).order_by(*order).limit(limit).offset(offset).subquery()
    return [_row(row) for row in tx.execute(select(*_COLUMNS).join(ids, ids.c.id == Session.id).order_by(*order))]


def sums(tx: Connection, wanted: SessionFilter) -> SessionSums:
    """Of all that the filter leaves."""
    counters = (total(getattr(Session, name)).label(name) for name in SessionSums.__slots__[1:])
    query = select(func.count().label("sessions"), *counters).select_from(Session)
    return SessionSums(**tx.execute(_where(query, wanted)).mappings().one())


def newest_since(tx: Connection, since_ms: int) -> str | None:
    """The id of the first session seen at or after a moment: what a set-up page waits for."""
    first = _where(select(Session.id), SessionFilter(since_ms=since_ms)).order_by(Session.last_seen_ms).limit(1)
    found: str | None = tx.scalar(first)
    return found


def projects(tx: Connection) -> list[ProjectSums]:
    """The one seen last first; that of the sessions without one last."""
    last = func.max(Session.last_seen_ms)
    sums = {
        "sessions": func.count(),
        **{name: func.sum(getattr(Session, name)) for name in ProjectSums.__slots__[2:-1]},
        "last_seen_ms": last,
    }
    columns = [amount.label(name) for name, amount in sums.items()]
    query = select(Session.project, *columns).where(_SHOWN).group_by(Session.project)
    rows = tx.execute(query.order_by(Session.project == "", last.desc())).mappings()
    return [ProjectSums(**row) for row in rows]


def merged_into(tx: Connection, session_ids: Sequence[str]) -> dict[str, str]:
    """Of these, those that were merged: the name of the session that each became a part of."""
    query = select(ManagedSession.session_id, Session.name).join(Session, Session.id == ManagedSession.continued_in)
    rows = tx.execute(query.where(ManagedSession.session_id.in_(session_ids)))
    return {row.session_id: row.name for row in rows}


def _row(found: Sequence[Any]) -> SessionRow:
    return SessionRow(**dict(zip(_NAMES, found, strict=True)))


def _where(query: Select[Any], wanted: SessionFilter) -> Select[Any]:
    query = query.where(_restorable() if wanted.deleted else _SHOWN)
    if wanted.since_ms is not None:
        query = query.where(Session.last_seen_ms >= wanted.since_ms)
    if wanted.pinned:
        query = query.where(Session.pinned)
    query = query.where(*matching(Session, wanted, (*WHERE, "source")))
    if wanted.text:
        columns = (Session.name, Session.project, Session.model, Session.id)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return query


def _restorable() -> ColumnElement[bool]:
    """Deleted, and not for good; or merged into another not too long ago."""
    erased = select(ManagedSession.session_id).where(ManagedSession.erased)
    merged = select(ManagedSession.session_id).where(ManagedSession.continued_in.is_not(None))
    return and_(
        ~_SHOWN,
        Session.id.not_in(erased),
        or_(Session.id.not_in(merged), Session.id.in_(select(MergedRow.session_id))),
    )
