"""Each proxy's sign of life."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from db.prepared import Prepared
from db.tables import heartbeat
from db.upsert import replacing


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
    waiting: str = "[]"
    """JSON."""


_ROW = Prepared(heartbeat, lambda insert: replacing(insert, heartbeat))


def write(tx: Connection, beat: Heartbeat) -> None:
    _ROW.run(tx, [asdict(beat)])
