"""What is known of the providers' limits: the latest of each."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from addons.domain.pacing.limit import LimitSeen
from db.prepared import Prepared
from db.tables import limits_seen
from db.text import storable
from db.upsert import replacing

_ROW = Prepared(limits_seen, lambda insert: replacing(insert, limits_seen))


def write(tx: Connection, records: Sequence[LimitSeen], proxy_id: str) -> None:
    latest = {(record.provider, record.model, record.kind, record.basis): record for record in records}
    _ROW.run(tx, [_row(record, proxy_id) for record in latest.values()])


def _row(record: LimitSeen, proxy_id: str) -> dict[str, Any]:
    texts = {"model": storable(record.model, 200), "kind": str(record.kind), "basis": str(record.basis)}
    return asdict(record) | texts | {"proxy_id": proxy_id}
