"""What a proxy remembers of its sessions after a restart."""

from typing import Any

from sqlalchemy import Engine, Row, Select, select

from addons.domain.sessions import KEY_BYTES, SessionState
from db.tables import sessions


def recent_states(engine: Engine, since_ms: int, limit: int) -> list[SessionState]:
    """Sessions seen since then, the latest first; not those that the person has deleted."""
    seen = sessions.c.last_seen_ms
    statement = _STATES.where(seen >= since_ms).order_by(seen.desc()).limit(limit)
    return _found(engine, statement)


def state_of(engine: Engine, session_id: str) -> SessionState | None:
    """None where there is no such session, or the person has deleted it."""
    return next(iter(_found(engine, _STATES.where(sessions.c.id == session_id))), None)


_STATES = select(
    sessions.c.id,
    sessions.c.name,
    sessions.c.project,
    sessions.c.created_at_ms,
    sessions.c.last_seen_ms,
    sessions.c.message_keys,
    sessions.c.summary_keys,
).where(sessions.c.deleted_at_ms.is_(None))


def _found(engine: Engine, statement: Select[Any]) -> list[SessionState]:
    with engine.connect() as connection:
        return [_state(row) for row in connection.execute(statement)]


def _state(row: Row[Any]) -> SessionState:
    return SessionState(
        id=row.id,
        name=row.name,
        project=row.project,
        created_at_ms=row.created_at_ms,
        last_seen_ms=row.last_seen_ms,
        keys=_cut(row.message_keys),
        summaries=_cut(row.summary_keys),
    )


def _cut(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[at : at + KEY_BYTES] for at in range(0, len(joined), KEY_BYTES))
