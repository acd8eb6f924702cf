"""The counters of sessions, reckoned anew from their completions: after these were moved."""

from typing import Any

from sqlalchemy import Connection, func, select, update

from addons.domain.kinds import FILLS_CONTEXT
from db import revs
from db.records.amounts import SESSION_SUMS
from db.records.rolling import AMOUNTS
from db.records.sessions import LATEST
from db.tables import completions, sessions

_call = completions.c
_FILLING = _call.kind.in_(sorted(map(str, FILLS_CONTEXT)))
_LATEST_FIRST = (_call.started_at_ms.desc(), _call.id.desc())


def recount(tx: Connection, session_id: str) -> None:
    """All that the session's row says of its completions; the times only where there are any."""
    sums = [func.coalesce(func.sum(AMOUNTS[name]), 0).label(name) for name in SESSION_SUMS]
    more = [
        func.coalesce(func.max(_call.turn), 0).label("turns"),
        func.min(_call.started_at_ms).label("created_at_ms"),
        func.max(_call.started_at_ms).label("last_seen_ms"),
    ]
    its = _call.session_id == session_id
    values = dict(tx.execute(select(*sums, *more).where(its)).mappings().one())
    if not values["completions"]:
        del values["created_at_ms"], values["last_seen_ms"]
    (rev,) = revs.take(tx, 1)
    row = update(sessions).where(sessions.c.id == session_id)
    tx.execute(row.values(**values, **_spoken_with(tx, session_id), **_latest(tx, session_id), rev=rev))


def _spoken_with(tx: Connection, session_id: str) -> dict[str, Any]:
    """Provider and model of the latest completion that fills the context, else of the latest."""
    its = select(_call.provider, _call.model).where(_call.session_id == session_id)
    filling = tx.execute(its.where(_FILLING).order_by(*_LATEST_FIRST).limit(1)).mappings().first()
    found = filling or tx.execute(its.order_by(*_LATEST_FIRST).limit(1)).mappings().first()
    return dict(found) if found else {}


def _latest(tx: Connection, session_id: str) -> dict[str, Any]:
    """The latest known values of completions that fill the context."""
    return {
        name: tx.scalar(
            select(_call[name])
            .where(_call.session_id == session_id, _FILLING, _call[name].is_not(None))
            .order_by(*_LATEST_FIRST)
            .limit(1)
        )
        for name in LATEST
    }
