"""Events."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, insert

from addons.domain.events import Event
from addons.domain.scrub import scrub
from db import revs
from db.tables import events
from db.text import safe


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
                "message": safe(event.message, 500),
                "data": scrub(json.dumps(dict(event.data))),
            }
            for event, rev in zip(records, revs.take(tx, len(records)), strict=True)
        ],
    )
