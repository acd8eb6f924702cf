"""Which of several proxies a command is for: the one that the session's requests go through."""

from sqlalchemy import Connection, select

from db.tables import completions, heartbeat

ALIVE_MS = 5_000
"""A proxy gives a sign of life every second; clocks of several machines differ by less than the rest."""


def addressee(tx: Connection, session_id: str, now_ms: int) -> str | None:
    """The proxy that recorded the session's latest request; None where it does not run, or nobody has: any will do."""
    latest = select(completions.c.proxy_id).where(completions.c.session_id == session_id)
    mine = heartbeat.c.proxy_id == latest.order_by(completions.c.id.desc()).limit(1).scalar_subquery()
    is_alive = heartbeat.c.stopped_at_ms.is_(None) & (heartbeat.c.seen_at_ms > now_ms - ALIVE_MS)
    found: str | None = tx.scalar(select(heartbeat.c.proxy_id).where(mine, is_alive))
    return found
