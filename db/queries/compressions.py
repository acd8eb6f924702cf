"""What stands for the oldest messages of sessions, and what that saved."""

from sqlalchemy import Connection, Engine, Row, select

from addons.domain.compression.summary import Summary, Trigger
from db.tables import summaries

_COLUMNS = [column for column in summaries.c if column.name != "rev"]


def active_summary(engine: Engine, session_id: str) -> Summary | None:
    """As it was submitted; None where the session has none."""
    wanted = select(*_COLUMNS).where(summaries.c.session_id == session_id, summaries.c.active)
    with engine.connect() as connection:
        row = connection.execute(wanted.order_by(summaries.c.created_at_ms.desc()).limit(1)).first()
    return None if row is None else _summary(row)


def summaries_of(tx: Connection, session_id: str = "", limit: int = 200) -> list[Summary]:
    """Of one session, or of all; the latest first."""
    wanted = select(*_COLUMNS)
    if session_id:
        wanted = wanted.where(summaries.c.session_id == session_id)
    rows = tx.execute(wanted.order_by(summaries.c.created_at_ms.desc()).limit(limit)).all()
    return [_summary(row) for row in rows]


def _summary(row: Row[tuple[object, ...]]) -> Summary:
    fields = dict(row._mapping)
    return Summary(**fields | {"trigger": Trigger(fields["trigger"]), "keys": bytes(fields["keys"])})
