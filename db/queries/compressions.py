"""What stands for the oldest messages of sessions, and what that saved."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, select

from addons.domain.compression.summary import Summary, Trigger
from db.tables import summaries

COLUMNS = [column for column in summaries.c if column.name != "rev"]


def active_summary(engine: Engine, session_id: str) -> Summary | None:
    """As it was submitted; None where the session has none."""
    wanted = select(*COLUMNS).where(summaries.c.session_id == session_id, summaries.c.active)
    with engine.connect() as connection:
        row = connection.execute(wanted.order_by(summaries.c.created_at_ms.desc()).limit(1)).first()
    return None if row is None else summary(row._mapping)


def summaries_of(tx: Connection, session_id: str = "", limit: int = 200) -> list[Summary]:
    """Of one session, or of all; the latest first."""
    wanted = select(*COLUMNS)
    if session_id:
        wanted = wanted.where(summaries.c.session_id == session_id)
    rows = tx.execute(wanted.order_by(summaries.c.created_at_ms.desc()).limit(limit)).all()
    return [summary(row._mapping) for row in rows]


def summary(row: Mapping[Any, Any]) -> Summary:
    """:param row: the values of COLUMNS by name."""
    return Summary(**dict(row) | {"trigger": Trigger(row["trigger"]), "keys": bytes(row["keys"])})
