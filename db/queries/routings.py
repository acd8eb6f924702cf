"""Which requests went elsewhere than their client asked, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from db.models import ROUTED, Completion, Event, Session
from db.queries.hidden import shown

KIND = "routing"
"""Of the events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """One decision, or what was learned for the next."""

    at_ms: int
    level: str
    session_id: str | None
    session_name: str
    message: str
    data: Mapping[str, Any]
    """The figures in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    """Requests that were asked of one model and answered by another."""

    routed_from: str
    """`provider/model`"""
    provider: str
    model: str
    requests: int
    sessions: int
    last_ms: int


def routings(tx: Connection, since_ms: int | None, limit: int) -> list[Routing]:
    """The latest first."""
    name = func.coalesce(Session.name, "").label("session_name")
    query = select(Event.at_ms, Event.level, Event.session_id, name, Event.message, Event.data)
    query = query.join(Session, Session.id == Event.session_id, isouter=True).where(
        Event.kind == KIND, shown(Event.session_id)
    )
    if since_ms is not None:
        query = query.where(Event.at_ms >= since_ms)
    rows = tx.execute(query.order_by(Event.at_ms.desc(), Event.id.desc()).limit(limit)).mappings()
    return [Routing(**{**row, "data": json.loads(row["data"] or "{}")}) for row in rows]


def rerouted(tx: Connection, since_ms: int | None) -> list[Rerouted]:
    """The way with most requests first."""
    keys = (Completion.routed_from, Completion.provider, Completion.model)
    requests = func.count().label("requests")
    sessions = func.count(Completion.session_id.distinct()).label("sessions")
    query = select(*keys, requests, sessions, func.max(Completion.started_at_ms).label("last_ms"))
    query = query.where(text(ROUTED), shown(Completion.session_id))
    if since_ms is not None:
        query = query.where(Completion.started_at_ms >= since_ms)
    rows = tx.execute(query.group_by(*keys).order_by(requests.desc(), *keys)).mappings()
    return [Rerouted(**row) for row in rows]
