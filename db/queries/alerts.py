"""Alerts: the list, the count that is open, the latest for toasts, and what a proxy remembers after a restart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from db.queries.hidden import shown
from db.tables import alerts, rollup_hour, sessions

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """Which alerts; an empty field does not filter."""

    since_ms: int | None = None
    until_ms: int | None = None
    level: str = ""
    """info, warning, critical"""
    rule: str = ""
    """The first part of the key: context, rate, wait, quota, budget, errors, prefix, dropped, event, refused."""
    provider: str = ""
    session_id: str = ""
    open_only: bool = False
    """Those that nobody has acknowledged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    id: int
    rev: int
    key: str
    level: str
    at_ms: int
    session_id: str | None
    provider: str
    message: str
    data: Mapping[str, Any]
    acknowledged_at_ms: int | None
    sent_at_ms: int | None
    send_error: str

    @property
    def rule(self) -> str:
        return self.key.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Of the completions since a time; tokens are prompt and completion tokens together."""

    usd: float
    tokens: int


def alert_rows(tx: Connection, wanted: AlertFilter, limit: int, offset: int = 0) -> list[AlertRow]:
    """The latest first."""
    query = _where(select(alerts), wanted).order_by(alerts.c.at_ms.desc(), alerts.c.id.desc())
    return [_row(row) for row in tx.execute(query.limit(limit).offset(offset))]


def alert_count(tx: Connection, wanted: AlertFilter) -> int:
    return tx.scalar(_where(select(func.count()).select_from(alerts), wanted)) or 0


def open_count(tx: Connection) -> int:
    """How many nobody has acknowledged."""
    return alert_count(tx, AlertFilter(open_only=True))


def newest_id(tx: Connection) -> int:
    """0 where there is none: where a page that has just been opened begins to show toasts."""
    return tx.scalar(select(func.max(alerts.c.id))) or 0


def alerts_after(tx: Connection, last_id: int, limit: int) -> list[AlertRow]:
    """The newest `limit` of those that came after that one and are open, the earliest first: for toasts.

    By id, not by rev: an alert that is acknowledged or sent later is not shown again.
    """
    query = select(alerts).where(alerts.c.id > last_id, alerts.c.acknowledged_at_ms.is_(None))
    rows = tx.execute(query.order_by(alerts.c.id.desc()).limit(limit)).all()
    return [_row(row) for row in reversed(rows)]


def last_times(tx: Connection, since_ms: int) -> dict[str, int]:
    """When each key was alerted last, in ms; only since then."""
    latest = func.max(alerts.c.at_ms)
    rows = tx.execute(select(alerts.c.key, latest).where(alerts.c.at_ms >= since_ms).group_by(alerts.c.key))
    return {row.key: row[1] for row in rows}


def fills(tx: Connection, since_ms: int) -> dict[str, float]:
    """Context fill (0..1) of each session seen since then, where it is known."""
    query = select(sessions.c.id, sessions.c.context_fill)
    query = query.where(sessions.c.last_seen_ms >= since_ms, sessions.c.context_fill.is_not(None))
    return {row.id: row.context_fill for row in tx.execute(query)}


def spent(tx: Connection, since_ms: int) -> Spent:
    """From the hour in which that time lies."""
    hours = rollup_hour.c
    query = select(func.sum(hours.cost_usd), func.sum(hours.prompt_tokens + hours.completion_tokens))
    usd, tokens = tx.execute(query.where(hours.hour_ms >= since_ms // HOUR_MS * HOUR_MS)).one()
    return Spent(usd=float(usd or 0), tokens=int(tokens or 0))


def _where(query: Select[Any], wanted: AlertFilter) -> Select[Any]:
    query = query.where(shown(alerts.c.session_id))
    if wanted.since_ms is not None:
        query = query.where(alerts.c.at_ms >= wanted.since_ms)
    if wanted.until_ms is not None:
        query = query.where(alerts.c.at_ms < wanted.until_ms)
    if wanted.rule:
        query = query.where(alerts.c.key.startswith(f"{wanted.rule}:", autoescape=True))
    if wanted.open_only:
        query = query.where(alerts.c.acknowledged_at_ms.is_(None))
    for name in ("level", "provider", "session_id"):
        if value := getattr(wanted, name):
            query = query.where(alerts.c[name] == value)
    return query


def _row(row: Row[Any]) -> AlertRow:
    return AlertRow(**dict(row._mapping) | {"data": json.loads(row.data or "{}")})
