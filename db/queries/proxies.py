"""Which proxies write to the store, and whether they still do."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from db.models import Heartbeat

NOBODY = "p"
"""In the place of a user, where none is set."""
SUFFIX = 9
"""Characters of a proxy's id after its user: a hyphen and eight digits, new with each start (`hooks.store`)."""


@dataclass(frozen=True, slots=True)
class ProxySign:
    """One proxy's latest sign of life."""

    proxy_id: str
    started_at_ms: int
    seen_at_ms: int
    stopped_at_ms: int | None
    listen: str
    version: str
    queued: int
    dropped: int
    settings_error: str
    waiting: str
    """JSON: a list of the requests that wait for a rate limit; see `Pacing.show_waiting`."""


def signs(tx: Connection) -> list[ProxySign]:
    """All proxies that ever wrote here, the latest seen first."""
    columns = [getattr(Heartbeat, name) for name in ProxySign.__slots__]
    found = tx.execute(select(*columns).order_by(Heartbeat.seen_at_ms.desc()).limit(20))
    return [ProxySign(*row) for row in found]


def users(tx: Connection) -> list[str]:
    """Whose proxies ever wrote here, by name; a proxy without a user is nobody's."""
    ids = tx.scalars(select(Heartbeat.proxy_id).where(func.length(Heartbeat.proxy_id) > SUFFIX))
    return sorted({proxy_id[:-SUFFIX] for proxy_id in ids} - {NOBODY})


def writers(tx: Connection, user: str, limit: int) -> list[str]:
    """The ids of a user's proxies ("": of everybody's), the latest seen first."""
    found = select(Heartbeat.proxy_id).order_by(Heartbeat.seen_at_ms.desc(), Heartbeat.proxy_id).limit(limit)
    return list(tx.scalars(found.where(*_whose(user)) if user else found))


def of_user(proxy_id: Any, user: str) -> ColumnElement[bool]:
    """Of rows with this column: those that a proxy of the user wrote."""
    condition: ColumnElement[bool] = proxy_id.in_(select(Heartbeat.proxy_id).where(*_whose(user)))
    return condition


def _whose(user: str) -> list[ColumnElement[bool]]:
    """By length too, since one name may begin with another. Not by LIKE, to which SQLite's letters have no case."""
    begin = func.substr(Heartbeat.proxy_id, 1, len(user) + 1)
    return [begin == f"{user}-", func.length(Heartbeat.proxy_id) == len(user) + SUFFIX]
