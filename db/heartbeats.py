"""Each proxy's sign of life."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from db import upsert
from db.tables import heartbeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The columns of the table."""

    proxy_id: str
    started_at_ms: int
    seen_at_ms: int
    stopped_at_ms: int | None
    listen: str
    version: str
    queued: int
    dropped: int
    settings_error: str


def write(tx: Connection, beat: Heartbeat) -> None:
    statement = upsert.insert(tx, heartbeat)
    changes = {column.name: statement.excluded[column.name] for column in heartbeat.columns if not column.primary_key}
    tx.execute(statement.on_conflict_do_update(index_elements=[heartbeat.c.proxy_id], set_=changes), asdict(beat))
