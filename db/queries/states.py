"""What a proxy remembers of its sessions after a restart."""

from typing import Any

from sqlalchemy import Engine, Row, Select, func, or_, select

from addons.domain.sessions import KEY_BYTES, SessionState
from db.tables import managed_sessions, sessions


def recent_states(engine: Engine, since_ms: int, limit: int) -> list[SessionState]:
    """Sessions seen since then, the latest first; not those that the person has deleted.

    A session that was merged into another is still one to be recognised: its requests are that one's.
    """
    seen = sessions.c.last_seen_ms
    statement = _STATES.where(_SHOWN, seen >= since_ms).order_by(seen.desc()).limit(limit)
    return _found(engine, statement)


def state_of(engine: Engine, session_id: str) -> SessionState | None:
    """None where there is no such session, or the person has deleted it, or merged it into another."""
    its = _STATES.where(sessions.c.id == session_id, sessions.c.deleted_at_ms.is_(None))
    return next(iter(_found(engine, its)), None)


def states_within(engine: Engine, session_id: str) -> list[SessionState]:
    """Of the session and all that were merged into it, deleted or not; the one seen latest first. Its next request will
    be recognised as one of these.
    """
    within = or_(sessions.c.id == session_id, managed_sessions.c.continued_in == session_id)
    return _found(engine, _STATES.where(within).order_by(sessions.c.last_seen_ms.desc()))


_target = sessions.alias()
_SHOWN = or_(
    sessions.c.deleted_at_ms.is_(None),
    managed_sessions.c.continued_in.in_(select(_target.c.id).where(_target.c.deleted_at_ms.is_(None))),
)
_STATES = select(
    sessions.c.id,
    sessions.c.name,
    # What the person made of it is not what the client's requests are compared with.
    func.coalesce(managed_sessions.c.client_project, sessions.c.project).label("project"),
    sessions.c.created_at_ms,
    sessions.c.last_seen_ms,
    sessions.c.message_keys,
    sessions.c.summary_keys,
).join(managed_sessions, managed_sessions.c.session_id == sessions.c.id, isouter=True)


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
        keys=row.message_keys,
        summaries=_cut(row.summary_keys),
    )


def _cut(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[at : at + KEY_BYTES] for at in range(0, len(joined), KEY_BYTES))
