"""What refused requests have taught: the events of repairs that were answered."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from addons.domain.events import Level
from db.tables import events

REPAIR_KIND = "repair"
LATEST = 1_000


def lessons(tx: Connection) -> list[Mapping[str, Any]]:
    """The data of the latest ones, oldest first; as long as events are kept."""
    query = select(events.c.data).where(events.c.kind == REPAIR_KIND, events.c.level == Level.INFO)
    rows = tx.scalars(query.order_by(events.c.at_ms.desc(), events.c.id.desc()).limit(LATEST)).all()
    return [json.loads(data) for data in reversed(rows)]
