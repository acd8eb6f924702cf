"""What a person may do to a session, carried out by the proxy that picked the command.

To merge and to split sessions see `merging` and `splitting`; to delete and to restore them, `hiding`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select, update

from addons.domain.errors import UserError
from db import revs
from db.tables import sessions
from db.text import storable

NAME_LIMIT = 200
"""Characters of the name of a session, or of a project."""


def rename_session(engine: Engine, session_id: str, name: str) -> None:
    """From now on the name is the person's: the session's first text does not change it again.

    :raises UserError: if there is no such session, or the name is empty or longer than NAME_LIMIT characters.
    """
    shown = readable("A session's name", name)
    with changing(engine) as tx:
        change(tx, session_id, name=shown, renamed=True)


def pin_session(engine: Engine, session_id: str, pinned: bool) -> None:
    """:raises UserError: if there is no such session."""
    with changing(engine) as tx:
        change(tx, session_id, pinned=pinned)


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no other writer comes between."""
    with engine.begin() as tx:
        revs.take(tx, 0)
        yield tx


def change(tx: Connection, session_id: str, **values: object) -> None:
    """:raises UserError: if there is no such session."""
    (rev,) = revs.take(tx, 1)
    changed = tx.execute(update(sessions).where(sessions.c.id == session_id).values(rev=rev, **values))
    if changed.rowcount != 1:
        raise missing(session_id)


def ensure_shown(tx: Connection, session_id: str) -> None:
    """:raises UserError: if there is no such session, or it is deleted."""
    shown = select(sessions.c.id).where(sessions.c.id == session_id, sessions.c.deleted_at_ms.is_(None))
    if tx.execute(shown).first() is None:
        raise missing(session_id)


def missing(session_id: str) -> UserError:
    return UserError(f"There is no session {session_id!r}; it may have been deleted.")


def readable(what: str, name: str) -> str:
    """:raises UserError: unless it has 1 to NAME_LIMIT printable characters."""
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= NAME_LIMIT or not shown.isprintable():
        raise UserError(f"{what} has 1 to {NAME_LIMIT} printable characters; this one has {len(shown)}.")
    return storable(shown, NAME_LIMIT)
