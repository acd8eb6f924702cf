"""Memory segments: each text once a session, with how often it was sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from addons.domain.memory import MemorySeen, Segment
from db.prepared import Prepared
from db.records import owners
from db.tables import memory_segments as table
from db.text import safe
from db.upsert import Insert, added, larger


def _counting(insert: Insert) -> Insert:
    changes = {"last_seen_ms": larger(insert, table, "last_seen_ms"), **added(insert, table, ["sent"])}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


_ROWS = Prepared(table, _counting)


def write(tx: Connection, records: Sequence[MemorySeen], _proxy_id: str) -> None:
    owners.ensure(tx, ((record.session_id, record.at_ms) for record in records))
    rows: dict[tuple[str, bytes], dict[str, Any]] = {}
    for record in records:
        for segment in record.segments:
            row = rows.setdefault((record.session_id, segment.key), _row(record, segment))
            row["sent"] += 1
            row["last_seen_ms"] = max(row["last_seen_ms"], record.at_ms)
    # In one order everywhere, so that two writers never wait for each other's rows.
    _ROWS.run(tx, [row for _, row in sorted(rows.items(), key=lambda item: item[0])])


def _row(record: MemorySeen, segment: Segment) -> dict[str, Any]:
    return {
        "session_id": record.session_id,
        "key": segment.key,
        "type": segment.type,
        "server": safe(segment.server, 200),
        "tokens": segment.tokens,
        "first_seen_ms": record.at_ms,
        "last_seen_ms": record.at_ms,
        "sent": 0,
    }
