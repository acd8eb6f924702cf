"""What a person may do to a session, carried out by the proxy that picked the command."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, select, update

from addons.domain.errors import UserError
from db import revs
from db.tables import alerts, events, originals, session_originals, sessions
from db.text import storable

NAME_LIMIT = 200
UNDO_MS = 10 * 60_000
"""How long a deleted session can be restored."""
CHUNK = 1_000
"""Values in one statement; SQLite takes at most 32,766."""


def rename_session(engine: Engine, session_id: str, name: str) -> None:
    """From now on the name is the person's: the session's first text does not change it again.

    :raises UserError: if there is no such session, or the name is empty or longer than NAME_LIMIT characters.
    """
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= NAME_LIMIT or not shown.isprintable():
        raise UserError(f"A session's name has 1 to {NAME_LIMIT} printable characters; this one has {len(shown)}.")
    _change(engine, session_id, name=storable(shown, NAME_LIMIT), renamed=True)


def pin_session(engine: Engine, session_id: str, pinned: bool) -> None:
    """:raises UserError: if there is no such session."""
    _change(engine, session_id, pinned=pinned)


def delete_session(engine: Engine, session_id: str, at_ms: int) -> None:
    """Hides it; `purge_deleted` removes it when UNDO_MS have passed.

    :raises UserError: if there is no such session.
    """
    _change(engine, session_id, deleted_at_ms=at_ms)


def restore_session(engine: Engine, session_id: str) -> None:
    """:raises UserError: if it has been removed by now."""
    _change(engine, session_id, deleted_at_ms=None)


def purge_deleted(tx: Connection, now_ms: int) -> int:
    """Removes the sessions that were deleted UNDO_MS ago, with all that belongs to them.

    An original that another session needs stays, and so do the hourly sums: what was spent was spent. Returns how many.
    """
    due = select(sessions.c.id).where(sessions.c.deleted_at_ms <= now_ms - UNDO_MS)
    if tx.execute(due.limit(1)).first() is None:
        return 0  # as nearly always; and nothing has been written
    revs.take(tx, 0)  # no writer refers meanwhile to an original that seems to be needed no more
    ids = list(tx.execute(due).scalars())
    tx.execute(delete(events).where(events.c.session_id.in_(ids)))
    tx.execute(delete(alerts).where(alerts.c.session_id.in_(ids)))
    needed = _originals_of(tx, ids)
    # And, by their foreign keys, the completions, the decisions, and which originals it needed.
    tx.execute(delete(sessions).where(sessions.c.id.in_(ids)))
    _delete_unneeded(tx, needed)
    return len(ids)


def _originals_of(tx: Connection, session_ids: Sequence[str]) -> list[str]:
    tags = select(session_originals.c.tag).distinct().where(session_originals.c.session_id.in_(session_ids))
    return list(tx.execute(tags).scalars())


def _delete_unneeded(tx: Connection, tags: Sequence[str]) -> None:
    """Of these originals, those that no session needs any more."""
    needed = select(session_originals.c.tag).where(session_originals.c.tag == originals.c.tag).exists()
    for at in range(0, len(tags), CHUNK):
        tx.execute(delete(originals).where(originals.c.tag.in_(tags[at : at + CHUNK]), ~needed))


def _change(engine: Engine, session_id: str, **values: object) -> None:
    with engine.begin() as tx:
        (rev,) = revs.take(tx, 1)
        changed = tx.execute(update(sessions).where(sessions.c.id == session_id).values(rev=rev, **values))
        if changed.rowcount != 1:
            raise UserError(f"There is no session {session_id!r}; it may have been deleted.")
