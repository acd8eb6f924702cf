"""What sessions cost, and what was spent hour by hour; by provider, model, project and day it is in `usage`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from addons.domain.forecast import HOURS
from db.models import RollupHour, Session
from db.queries.matching import matching
from db.queries.usage import UsageFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCost:
    """Sums over a session's whole life. Amounts are US dollars; None where no price is known of any of its requests."""

    session_id: str
    name: str
    project: str
    completions: int
    unpriced: int
    """Completions whose price is not known: the amounts are without them."""
    cost_usd: float | None
    cost_uncached_usd: float | None
    """The same without the providers' prefix caches."""
    cost_unmodified_usd: float | None
    """The same without us."""


_AMOUNTS = ("cost_usd", "cost_uncached_usd", "cost_unmodified_usd")


def by_session(tx: Connection, since_ms: int | None, limit: int) -> list[SessionCost]:
    """Of the sessions seen since, the dearest first; not those that are deleted."""
    names = ("name", "project", "completions", "unpriced", *_AMOUNTS)
    columns: list[ColumnElement[Any]] = [Session.id.label("session_id"), *(getattr(Session, name) for name in names)]
    query = select(*columns).where(Session.deleted_at_ms.is_(None), Session.completions > 0)
    if since_ms is not None:
        query = query.where(Session.last_seen_ms >= since_ms)
    query = query.order_by(Session.cost_usd.desc(), Session.prompt_tokens.desc(), Session.id).limit(limit)
    return [_known(dict(row)) for row in tx.execute(query).mappings()]


def _known(row: dict[str, Any]) -> SessionCost:
    if row["unpriced"] and not row["cost_usd"]:
        row |= dict.fromkeys(_AMOUNTS)
    return SessionCost(**row)


def spent_by_day(tx: Connection, wanted: UsageFilter, zone: tzinfo = UTC) -> dict[date, list[float]]:
    """What `forecast` takes: known costs by day and hour of the person's calendar; days without a request are left out.

    An hour belongs to the day in which it begins: where a zone is half an hour off UTC, so may a day's edge be.
    """
    query = select(RollupHour.hour_ms, func.sum(RollupHour.cost_usd)).where(*matching(RollupHour, wanted))
    if wanted.since_ms is not None:
        query = query.where(RollupHour.hour_ms >= wanted.since_ms)
    days: dict[date, list[float]] = {}
    for hour_ms, cost_usd in tx.execute(query.group_by(RollupHour.hour_ms)):
        at = datetime.fromtimestamp(hour_ms / 1000, zone)
        days.setdefault(at.date(), [0.0] * HOURS)[at.hour] += cost_usd
    return days
