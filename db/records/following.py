"""Records of sessions that people managed: what a proxy writes goes where it belongs by now.

A proxy need not know that a session was merged into another. It goes on under its own id, with its own keys, decisions
and summaries, so that it is recognised and forwarded as before, also after a restart; here its requests become the
other's, and what the pages show of a session is copied to that one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from addons.domain.alerts.alert import Alert
from addons.domain.completion import Completion
from addons.domain.compression.summary import Summary
from addons.domain.decisions import Decision, Original
from addons.domain.events import Event
from addons.domain.memory import MemorySeen
from addons.domain.sessions import SessionState
from db import revs
from db.tables import completions, decisions, managed_sessions, sessions

MOVED = (Event, Alert, MemorySeen)
COPIED = (Decision, Original)
"""As summaries are: needed by the proxy under their own session, and shown with the other."""

_DELETED = select(sessions.c.id).where(sessions.c.deleted_at_ms.is_not(None))
HIDDEN = completions.c.session_id.is_not(None) & completions.c.session_id.in_(_DELETED)
"""Completions of deleted sessions."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the records of a managed session belong."""

    session_id: str
    project: str | None
    """Set by the person; None where the client's counts."""


def followed(tx: Connection, records: Sequence[object]) -> Sequence[object]:
    """The records as they are to be written. Serialised with all who manage sessions (see `revs.lock`)."""
    ids = {session_id for record in records if (session_id := _session_of(record))}
    if not ids:
        return records
    revs.lock(tx)
    places = _places(tx, ids) if _any_managed(tx) else {}
    if not places:
        return records
    found = [each for record in records for each in _followed(record, places.get(_session_of(record) or ""))]
    return _without_second_decisions(tx, found, records)


def hidden(tx: Connection, session_ids: Iterable[str]) -> set[str]:
    """Those of them that are deleted: what still arrives for them counts in no sum."""
    if not _any_managed(tx):
        return set()
    return set(tx.scalars(_DELETED.where(sessions.c.id.in_(sorted(set(session_ids))))))


def _any_managed(tx: Connection) -> bool:
    """Asked with every batch, and nearly always in vain; hence without SQLAlchemy's work on a statement. A deleted
    session is managed, too."""
    return tx.exec_driver_sql("SELECT 1 FROM managed_sessions LIMIT 1").first() is not None


def _session_of(record: object) -> str | None:
    if isinstance(record, SessionState):
        return record.id
    found: str | None = getattr(record, "session_id", None)
    return found


def _places(tx: Connection, ids: Iterable[str]) -> dict[str, Place]:
    """Of those that were managed."""
    managed = managed_sessions.c
    query = select(managed.session_id, managed.continued_in, managed.client_project, sessions.c.project).join(
        sessions, sessions.c.id == managed.session_id
    )
    rows = {row.session_id: row for row in tx.execute(query.where(managed.session_id.in_(sorted(ids))))}
    targets = {row.continued_in for row in rows.values() if row.continued_in} - rows.keys()
    if targets:
        rows |= {row.session_id: row for row in tx.execute(query.where(managed.session_id.in_(sorted(targets))))}
    return {session_id: _place(rows, session_id, row) for session_id, row in rows.items()}


def _place(rows: dict[str, Any], session_id: str, row: Any) -> Place:
    belongs_to = row.continued_in or session_id
    owner = rows.get(belongs_to)
    return Place(belongs_to, owner.project if owner is not None and owner.client_project is not None else None)


def _followed(record: Any, place: Place | None) -> Iterator[object]:
    if place is None:
        yield record
    elif isinstance(record, SessionState):
        # An empty project leaves the stored one: the person's.
        yield record if place.project is None else replace(record, project="")
    elif isinstance(record, Completion):
        yield replace(
            record, session_id=place.session_id, project=record.project if place.project is None else place.project
        )
    elif isinstance(record, MOVED):
        yield replace(record, session_id=place.session_id)
    else:
        yield record
        if place.session_id != _session_of(record):
            if isinstance(record, Summary):
                yield replace(record, session_id=place.session_id, active=False)
            elif isinstance(record, COPIED):
                yield replace(record, session_id=place.session_id)


def _without_second_decisions(tx: Connection, found: Sequence[object], records: Sequence[object]) -> list[object]:
    """A copy does not take the place of what the other session decided about an equal message."""
    own = {id(record) for record in records}
    copies = [each for each in found if isinstance(each, Decision) and id(each) not in own]
    if not copies:
        return list(found)
    query = select(decisions.c.session_id, decisions.c.key).where(
        decisions.c.session_id.in_({each.session_id for each in copies}),
        decisions.c.key.in_({each.key for each in copies}),
    )
    there = {(row.session_id, bytes(row.key)) for row in tx.execute(query)}
    second = {id(each) for each in copies if (each.session_id, each.key) in there}
    return [each for each in found if id(each) not in second]
