"""When what had been sent before was changed, why, and what came of it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Subquery, and_, case, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from db.models import OF_PROJECT, Completion, Event, Session
from db.queries.hidden import shown
from db.queries.matching import narrowing
from db.queries.savings import SavingsFilter

KIND = "epoch"
"""Of the events."""
NEVER_MS = 1 << 62
"""The time of the epoch after the last one: with a time in every row, an index is read from one epoch to the next, and
not to the session's end for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRow:
    """What was expected of it is an estimate made then; what came of it is summed from the requests since."""

    id: int
    at_ms: int
    session_id: str | None
    session_name: str
    provider: str
    """Of the request that opened it; "" where that is not recorded."""
    completion_id: int | None
    reason: str
    messages: int
    """How many changed."""
    saved_tokens: int
    """Fewer in each request from then on."""
    gain_tokens: int
    """Estimated, at full price."""
    loss_tokens: int
    """Estimated, at full price: what the broken prefix cost once."""
    requests: int
    """Of the session until its next epoch, the one that opened it included."""
    own_net_usd: float | None
    """Cost without us - cost of the request that opened it: negative where the prefix had to be paid again."""
    net_usd: float | None
    """The same over those requests, all savings included; None where none is priced."""


def epochs(tx: Connection, wanted: SavingsFilter, limit: int) -> list[EpochRow]:
    """The latest first."""
    epoch = _latest(wanted, limit)
    during = and_(
        Completion.session_id == epoch.c.session_id,
        Completion.started_at_ms >= epoch.c.at_ms,
        Completion.started_at_ms < epoch.c.next_ms,
    )
    opened = Completion.started_at_ms == epoch.c.at_ms
    net = Completion.cost_unmodified_usd - Completion.cost_usd
    provider = func.coalesce(func.max(case((opened, Completion.provider))), "")
    columns = (epoch.c.id, epoch.c.at_ms, epoch.c.session_id, epoch.c.data)
    query = (
        select(
            *columns,
            func.coalesce(func.max(Session.name), "").label("session_name"),
            provider.label("provider"),
            func.max(case((opened, Completion.id))).label("completion_id"),
            func.count(Completion.id).label("requests"),
            func.sum(case((opened, net))).label("own_net_usd"),
            func.sum(net).label("net_usd"),
        )
        .select_from(epoch)
        .join(Session, Session.id == epoch.c.session_id, isouter=True)
        .join(Completion, during, isouter=True)
        .group_by(*columns)
        .order_by(epoch.c.at_ms.desc(), epoch.c.id.desc())
    )
    return [_row(dict(row)) for row in tx.execute(query).mappings()]


def _latest(wanted: SavingsFilter, limit: int) -> Subquery:
    """The epochs' events that are asked for, each with the time of its session's next one: what came of them is then
    summed for these alone."""
    later = aliased(Event)
    next_ms = select(func.min(later.at_ms)).where(
        *(later.session_id == Event.session_id, later.kind == KIND, later.at_ms >= Event.at_ms),
        or_(later.at_ms > Event.at_ms, later.id > Event.id),
    )
    until = func.coalesce(next_ms.scalar_subquery(), NEVER_MS).label("next_ms")
    some = select(Event.id, Event.at_ms, Event.session_id, Event.data, until)
    some = some.where(Event.kind == KIND, shown(Event.session_id))
    if wanted.since_ms is not None:
        some = some.where(Event.at_ms >= wanted.since_ms)
    if wanted.session_id:
        some = some.where(Event.session_id == wanted.session_id)
    if same := narrowing(Completion, wanted, ("model", "project", "provider")):
        # Not found by its session, so that an index by value and time is read: epochs come in the order of time, too.
        whose = func.coalesce(Completion.session_id, Completion.session_id) == Event.session_id
        few = [text(f"completions.{OF_PROJECT}")] if wanted.project else []  # which have an index
        some = some.where(exists().where(whose, Completion.started_at_ms == Event.at_ms, *same, *few))
    return some.order_by(Event.at_ms.desc(), Event.id.desc()).limit(limit).subquery()


def _row(row: dict[str, Any]) -> EpochRow:
    data = json.loads(row.pop("data"))
    return EpochRow(
        **row,
        reason=str(data.get("reason", "")),
        messages=data.get("messages", 0),
        saved_tokens=data.get("saved_tokens", 0),
        gain_tokens=data.get("estimated_gain_tokens", 0),
        loss_tokens=data.get("estimated_loss_tokens", 0),
    )
