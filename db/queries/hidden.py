"""What a deleted session has is in no list until it is restored."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from db.models import Session


def shown(session_id: Any) -> ColumnElement[bool]:
    """Of rows with this column: those of no session, or of one that is not deleted."""
    return or_(session_id.is_(None), session_id.not_in(select(Session.id).where(Session.deleted_at_ms.is_not(None))))
