"""How often what a session had sent before was changed."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.models import Event, Session
from db.tables import summaries


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixChanges:
    epochs: int
    """In which older messages were masked."""
    summaries: int
    """Written to stand for the oldest messages."""


def prefix_changes(tx: Connection, session_id: str) -> PrefixChanges:
    """Events are found by kind and time, so only those of the session's own time are read."""
    time = select(Session.created_at_ms, Session.last_seen_ms).where(Session.id == session_id).subquery()
    epochs = select(func.count(Event.id)).where(
        Event.kind == "epoch",
        Event.session_id == session_id,
        Event.at_ms >= select(time.c.created_at_ms).scalar_subquery(),
        Event.at_ms <= select(time.c.last_seen_ms).scalar_subquery(),
    )
    written = select(func.count()).select_from(summaries).where(summaries.c.session_id == session_id)
    return PrefixChanges(epochs=tx.scalar(epochs) or 0, summaries=tx.scalar(written) or 0)
