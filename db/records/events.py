"""Events."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, insert

from addons.domain.events import Event
from db import revs
from db.tables import events
from db.text import storable


def write(tx: Connection, records: Sequence[Event], _proxy_id: str) -> None:
    tx.execute(
        insert(events),
        [
            {
                "rev": rev,
                "at_ms": event.at_ms,
                "kind": event.kind,
                "level": str(event.level),
                "session_id": event.session_id,
                "message": storable(event.message, 500),
                "data": json.dumps(dict(event.data)),
            }
            for event, rev in zip(records, revs.take(tx, len(records)), strict=True)
        ],
    )
