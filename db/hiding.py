"""Deleting sessions: hidden at once and out of every sum, restored within the undo time, then removed for good.

What is deleted leaves the sums of its hours with it, so that all pages go on telling the same; restoring puts it back.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, select, union_all

from addons.domain.errors import UserError
from addons.domain.settings import Sessions
from db import merging, revs
from db.commands import change, changing, ensure_shown, missing
from db.records import rolling
from db.records.recounting import recount
from db.tables import (
    alerts,
    completions,
    decisions,
    events,
    legacy_rows,
    managed_sessions,
    memory_segments,
    merged_rows,
    originals,
    session_originals,
    session_routes,
    sessions,
    summaries,
)

UNDO_MS = round(Sessions().undo_hours * 3_600_000)
"""How long a deleted or merged session can be brought back, where the settings say nothing else."""
CHUNK = 1_000
"""Values in one statement; SQLite takes at most 32,766."""
_MERGED = select(managed_sessions.c.session_id).where(managed_sessions.c.continued_in.is_not(None))
OWNED = (completions, events, alerts, decisions, memory_segments, session_originals, session_routes, summaries,
         legacy_rows)  # fmt: skip
"""Tables whose rows belong to one session."""


def delete_session(engine: Engine, session_id: str, at_ms: int) -> None:
    """Hides it; `purge_deleted` removes it when the undo time has passed.

    :raises UserError: if there is no such session.
    """
    with changing(engine) as tx:
        ensure_shown(tx, session_id)
        change(tx, session_id, deleted_at_ms=at_ms)
        merging.manage(tx, session_id)
        rolling.shift(tx, completions.c.session_id == session_id, -1)


def restore_session(engine: Engine, session_id: str) -> None:
    """Shows a deleted session again, or takes back that it was merged into another. One that is shown stays as it is.

    :raises UserError: if it has been removed by now.
    """
    with changing(engine) as tx:
        managed = managed_sessions.c
        query = select(sessions.c.deleted_at_ms, managed.continued_in, managed.erased).join(
            managed_sessions, managed.session_id == sessions.c.id, isouter=True
        )
        row = tx.execute(query.where(sessions.c.id == session_id)).first()
        if row is None or row.erased:
            raise missing(session_id)
        if row.continued_in:
            merging.take_back(tx, session_id, row.continued_in)
        elif row.deleted_at_ms is not None:
            change(tx, session_id, deleted_at_ms=None)
            merging.release(tx, session_id)
            rolling.shift(tx, completions.c.session_id == session_id, 1)


def erase_session(engine: Engine, session_id: str) -> None:
    """Removes all that a deleted session holds, now. Its row stays hidden until the undo time has passed: a request
    that was under way may still be recorded for it.

    :raises UserError: if there is no such session, or it is not deleted.
    """
    with changing(engine) as tx:
        deleted = sessions.c.deleted_at_ms.is_not(None) & sessions.c.id.not_in(_MERGED)
        if tx.execute(select(sessions.c.id).where(sessions.c.id == session_id, deleted)).first() is None:
            raise UserError(f"There is no deleted session {session_id!r}; only a deleted one can be removed for good.")
        merged = merging.merged_into(tx, [session_id])
        needed = _originals_of(tx, [session_id, *merged])
        for table in OWNED:
            tx.execute(delete(table).where(table.c.session_id == session_id))
        tx.execute(delete(sessions).where(sessions.c.id.in_(merged)))
        _delete_unneeded(tx, needed)
        recount(tx, session_id)
        change(tx, session_id, name="", project="", message_keys=b"", summary_keys=b"")
        merging.manage(tx, session_id, erased=True)


def purge_deleted(tx: Connection, now_ms: int, undo_ms: int = UNDO_MS) -> int:
    """Removes the sessions that were deleted so long ago, with all that belongs to them. Returns how many.

    An original that another session needs stays. Of a merged session only the way back goes: its conversation goes on.
    """
    due = select(sessions.c.id).where(sessions.c.deleted_at_ms <= now_ms - undo_ms)
    gone = due.where(sessions.c.id.not_in(_MERGED))
    old_ways = merged_rows.c.session_id.in_(due)
    if tx.execute(union_all(gone, select(merged_rows.c.session_id).where(old_ways)).limit(1)).first() is None:
        return 0  # as nearly always; and nothing has been written
    revs.take(tx, 0)  # no writer refers meanwhile to an original that seems to be needed no more
    tx.execute(delete(merged_rows).where(old_ways))
    ids = list(tx.execute(gone).scalars())
    _remove(tx, [*ids, *merging.merged_into(tx, ids)])
    return len(ids)


def _remove(tx: Connection, ids: Sequence[str]) -> None:
    tx.execute(delete(events).where(events.c.session_id.in_(ids)))
    tx.execute(delete(alerts).where(alerts.c.session_id.in_(ids)))
    needed = _originals_of(tx, ids)
    # And, by their foreign keys, the completions, the decisions, and which originals they needed.
    tx.execute(delete(sessions).where(sessions.c.id.in_(ids)))
    _delete_unneeded(tx, needed)


def _originals_of(tx: Connection, session_ids: Sequence[str]) -> list[str]:
    tags = select(session_originals.c.tag).distinct().where(session_originals.c.session_id.in_(session_ids))
    return list(tx.execute(tags).scalars())


def _delete_unneeded(tx: Connection, tags: Sequence[str]) -> None:
    """Of these originals, those that no session needs any more."""
    needed = select(session_originals.c.tag).where(session_originals.c.tag == originals.c.tag).exists()
    for at in range(0, len(tags), CHUNK):
        tx.execute(delete(originals).where(originals.c.tag.in_(tags[at : at + CHUNK]), ~needed))
