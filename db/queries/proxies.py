"""Which proxies write to the store, and whether they still do."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import Heartbeat


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
