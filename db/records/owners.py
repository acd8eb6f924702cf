"""Rows of sessions that other records refer to.

A decision or an original is often written before the state of its session, and must not be lost for that.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from db import revs, upsert
from db.tables import sessions


def ensure(tx: Connection, seen: Iterable[tuple[str, int]]) -> None:
    """A row for each (session id, time in ms) that has none yet; the session's own records fill it in.

    Takes a rev in any case: what follows is then serialised with all other writers (see `revs.take`).
    """
    first: dict[str, int] = {}
    for session_id, at_ms in seen:
        first.setdefault(session_id, at_ms)
    found = revs.take(tx, len(first))
    statement = upsert.insert(tx, sessions).on_conflict_do_nothing(index_elements=[sessions.c.id])
    rows = [
        {"id": session_id, "created_at_ms": at_ms, "last_seen_ms": at_ms, "rev": rev}
        for (session_id, at_ms), rev in zip(first.items(), found, strict=True)
    ]
    tx.execute(statement, rows)
