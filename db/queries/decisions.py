"""What was decided about the messages of a session."""

import json

from sqlalchemy import Engine, select

from addons.domain.decisions import Action, Decision, Replacement
from db.tables import decisions


def decisions_of(engine: Engine, session_id: str) -> list[Decision]:
    """The latest for each message, as it was submitted; in the order in which they were written."""
    columns = decisions.c
    statement = select(
        columns.session_id,
        columns.key,
        columns.action,
        columns.reason,
        columns.replacements,
        columns.decided_at_ms,
    )
    with engine.connect() as connection:
        found = connection.execute(statement.where(columns.session_id == session_id).order_by(columns.rev)).all()
    return [
        Decision(
            session_id=row.session_id,
            key=row.key,
            action=Action(row.action),
            replacements=tuple(Replacement(**replacement) for replacement in json.loads(row.replacements)),
            reason=row.reason,
            decided_at_ms=row.decided_at_ms,
        )
        for row in found
    ]
