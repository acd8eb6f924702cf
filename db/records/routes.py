"""Where sessions go on, and the context windows that providers told: the latest of each."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from addons.domain.routes import SessionRoute
from addons.domain.true_windows import TrueWindow
from db.prepared import Prepared
from db.records import owners
from db.tables import session_routes, true_windows
from db.text import safe, storable
from db.upsert import replacing

_ROUTES = Prepared(session_routes, lambda insert: replacing(insert, session_routes))
_WINDOWS = Prepared(true_windows, lambda insert: replacing(insert, true_windows))


def write(tx: Connection, records: Sequence[SessionRoute], _proxy_id: str) -> None:
    owners.ensure(tx, ((record.session_id, record.decided_at_ms) for record in records))
    latest = {record.session_id: record for record in records}
    _ROUTES.run(tx, [_row(record) for record in latest.values()])


def _row(record: SessionRoute) -> dict[str, Any]:
    return {
        "session_id": record.session_id,
        "asked": storable(record.asked, 261),
        "provider": record.provider,
        "model": storable(record.model, 200),
        "reason": safe(record.reason, 500),
        "decided_at_ms": record.decided_at_ms,
        "signatures": json.dumps(dict(record.signatures)),
    }


def write_windows(tx: Connection, records: Sequence[TrueWindow], _proxy_id: str) -> None:
    latest = {(record.provider, storable(record.model, 200)): record for record in records}
    rows = [
        asdict(record) | {"model": model} for (_, model), record in sorted(latest.items(), key=lambda each: each[0])
    ]
    _WINDOWS.run(tx, rows)
