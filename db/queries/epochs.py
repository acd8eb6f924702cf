"""When what had been sent before was changed, why, and what came of it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Subquery, and_, case, func, or_, select

from db.models import Completion, Event, Session
from db.queries.savings import SavingsFilter


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
    epoch = _with_next(wanted)
    during = and_(
        Completion.session_id == epoch.c.session_id,
        Completion.started_at_ms >= epoch.c.at_ms,
        or_(epoch.c.next_ms.is_(None), Completion.started_at_ms < epoch.c.next_ms),
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
    if wanted.provider:
        query = query.having(provider == wanted.provider)
    return [_row(dict(row)) for row in tx.execute(query.limit(limit)).mappings()]


def _with_next(wanted: SavingsFilter) -> Subquery:
    """The epochs' events, each with the time of its session's next one."""
    next_ms = func.lead(Event.at_ms).over(partition_by=Event.session_id, order_by=(Event.at_ms, Event.id))
    some = select(Event.id, Event.at_ms, Event.session_id, Event.data, next_ms.label("next_ms"))
    some = some.where(Event.kind == "epoch")
    if wanted.since_ms is not None:
        some = some.where(Event.at_ms >= wanted.since_ms)
    if wanted.session_id:
        some = some.where(Event.session_id == wanted.session_id)
    return some.subquery()


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
