"""Session states: what a session is recognised by after a restart. The counters are its completions' business."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case

from addons.domain.sessions import SessionState
from db import revs, upsert
from db.tables import sessions
from db.text import safe, storable


def write(tx: Connection, records: Sequence[SessionState], _proxy_id: str) -> None:
    latest = {record.id: record for record in records}
    statement = upsert.insert(tx, sessions)
    stored, new = sessions.c, statement.excluded
    keeps_name = stored.renamed | (new.name == "")
    statement = statement.on_conflict_do_update(
        index_elements=[stored.id],
        set_={
            "name": case((keeps_name, stored.name), else_=new.name),
            "project": case((new.project == "", stored.project), else_=new.project),
            "last_seen_ms": upsert.larger(statement, sessions, "last_seen_ms"),
            "message_keys": new.message_keys,
            "summary_keys": new.summary_keys,
            "rev": new.rev,
        },
    )
    found = revs.take(tx, len(latest))
    tx.execute(statement, [_row(record, rev) for record, rev in zip(latest.values(), found, strict=True)])


def _row(state: SessionState, rev: int) -> dict[str, Any]:
    return {
        "id": state.id,
        "name": safe(state.name, 200),
        "project": storable(state.project, 200),
        "created_at_ms": state.created_at_ms,
        "last_seen_ms": state.last_seen_ms,
        "message_keys": b"".join(state.keys),
        "summary_keys": b"".join(state.summaries),
        "rev": rev,
    }
