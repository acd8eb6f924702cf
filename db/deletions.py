"""Sessions that have been deleted, or restored, by whichever proxy the person's wish reached.

Every proxy remembers the conversations of the store and goes on with them; one that is deleted has to be a new session
in all of them, also where another carried the command out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, select

from db import merging
from db.prepared import Asked
from db.tables import managed_sessions, sessions

_MERGED = select(managed_sessions.c.session_id).where(managed_sessions.c.continued_in.is_not(None))
_LAST = select(func.coalesce(func.max(sessions.c.rev), 0))
_GONE = Asked(
    select(sessions.c.id, sessions.c.rev)
    .where(sessions.c.rev > bindparam("seen"), sessions.c.deleted_at_ms.is_not(None), sessions.c.id.not_in(_MERGED))
    .order_by(sessions.c.rev)
)
_SHOWN = select(sessions.c.id).where(sessions.c.deleted_at_ms.is_(None))


@dataclass(frozen=True, slots=True)
class Change:
    gone: Sequence[str]
    """Ids of deleted sessions, and of those that are parts of them."""
    back: Sequence[str]
    """Ids of sessions that were among them, and are shown again."""


@dataclass(slots=True)
class Deletions:
    """One proxy's look at them; what was deleted before the first look is not told."""

    _seen_rev: int | None = None
    _gone: set[str] = field(default_factory=set)

    def look(self, tx: Connection) -> Change:
        if self._seen_rev is None:
            self._seen_rev = tx.execute(_LAST).scalar_one()
            return Change((), ())
        found = _GONE.rows(tx, seen=self._seen_rev).all()
        if found:
            self._seen_rev = found[-1].rev
        gone = [row.id for row in found]
        back = list(tx.scalars(_SHOWN.where(sessions.c.id.in_(self._gone)))) if self._gone else []
        self._gone = self._gone.difference(back).union(gone)
        return Change([*gone, *merging.merged_into(tx, gone)] if gone else (), back)
