"""What a proxy remembers of its sessions after a restart."""

from sqlalchemy import Engine, select

from addons.domain.sessions import KEY_BYTES, SessionState
from db.tables import sessions


def recent_states(engine: Engine, since_ms: int, limit: int) -> list[SessionState]:
    """Sessions seen since then, the latest first; not those that the person has deleted."""
    columns = sessions.c
    statement = (
        select(
            columns.id,
            columns.name,
            columns.project,
            columns.created_at_ms,
            columns.last_seen_ms,
            columns.message_keys,
            columns.summary_keys,
        )
        .where(columns.last_seen_ms >= since_ms, columns.deleted_at_ms.is_(None))
        .order_by(columns.last_seen_ms.desc())
        .limit(limit)
    )
    with engine.connect() as connection:
        found = connection.execute(statement).all()
    return [
        SessionState(
            id=row.id,
            name=row.name,
            project=row.project,
            created_at_ms=row.created_at_ms,
            last_seen_ms=row.last_seen_ms,
            keys=_cut(row.message_keys),
            summaries=_cut(row.summary_keys),
        )
        for row in found
    ]


def _cut(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[at : at + KEY_BYTES] for at in range(0, len(joined), KEY_BYTES))
