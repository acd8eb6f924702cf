"""Merging sessions: all requests of one become another's, and its further ones, too (see `records.following`).

The merged session's row stays, hidden: its conversation is recognised by it, and forwarded by its own decisions. What
it brought along is noted, so that the merge can be taken back; what was recorded since then stays with the other.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, Table, and_, cast, delete, insert, select, update

from addons.domain.errors import UserError
from db import revs, upsert
from db.commands import change, changing, ensure_shown
from db.records import rolling
from db.records.following import hidden
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
    session_originals,
    sessions,
    summaries,
)

MOVED: tuple[Table, ...] = (completions, events, alerts)
"""Tables whose rows go over to the other session, each with a new rev."""
COPIED: tuple[tuple[Table, str, Callable[[str], object]], ...] = (
    (decisions, "key", bytes.fromhex),
    (session_originals, "tag", str),
    (summaries, "created_at_ms", int),
)
"""Tables whose rows the merged session keeps; what tells a row from the others of its session, and how to read that."""
INTO = "into"
"""The kind of the note that is always there: which session it was merged into."""


def merge_sessions(engine: Engine, into: str, other: str, at_ms: int, *, keep_name: bool = True) -> None:
    """`other` becomes a part of `into`, and is hidden; `keep_name`: else `into` takes the other's name.

    :raises UserError: if one of them is not there, or both are the same.
    """
    if into == other:
        raise UserError(f"A session cannot be merged with itself; {into!r} is named twice.")
    with changing(engine) as tx:
        ensure_shown(tx, into)
        ensure_shown(tx, other)
        _note(tx, other, INTO, [into])
        _move(tx, into, other)
        for table, key, _ in COPIED:
            _copy(tx, into, other, table, key)
        _add_memory(tx, into, other)
        manage(tx, other, continued_in=into)
        change(tx, other, deleted_at_ms=at_ms)
        _name(tx, into, other, keep_name)
        recount(tx, other)
        recount(tx, into)


def take_back(tx: Connection, session_id: str, into: str) -> None:
    """The merged session is shown again, with what it had.

    :raises UserError: if the undo time has passed.
    """
    merged_with = tx.scalar(_keys(session_id, INTO))
    if merged_with is None:
        raise UserError(f"Session {session_id!r} was merged too long ago to be taken out of {into!r} again.")
    is_hidden = bool(hidden(tx, [into]))
    (rev,) = revs.take(tx, 1)
    for table in MOVED:
        its = table.c.id.in_(_ids(session_id, table)) & (table.c.session_id == into)
        tx.execute(update(table).where(its).values(session_id=session_id, rev=rev))
    rows = legacy_rows.c.key.in_(_keys(session_id, legacy_rows.name)) & (legacy_rows.c.session_id == into)
    tx.execute(update(legacy_rows).where(rows).values(session_id=session_id))
    _subtract_memory(tx, into, session_id)
    if merged_with == into:  # else that one was merged in its turn: which of the rows there were copied is not known
        for copied, key, read in COPIED:
            for row_id in list(tx.scalars(_keys(session_id, copied.name))):
                tx.execute(delete(copied).where(copied.c.session_id == into, copied.c[key] == read(row_id)))
    theirs = managed_sessions.c.session_id.in_(_keys(session_id, managed_sessions.name))
    tx.execute(update(managed_sessions).where(theirs).values(continued_in=session_id))
    manage(tx, session_id, continued_in=None)
    release(tx, session_id)
    tx.execute(delete(merged_rows).where(merged_rows.c.session_id == session_id))
    change(tx, session_id, deleted_at_ms=None)
    if is_hidden:
        rolling.shift(tx, completions.c.session_id == session_id, 1)
    recount(tx, session_id)
    recount(tx, into)


def manage(tx: Connection, session_id: str, **values: object) -> None:
    """Sets these columns of the session's row, which is made if there is none."""
    table = managed_sessions
    new = upsert.insert(tx, table).values(session_id=session_id, erased=False)
    tx.execute(new.on_conflict_do_nothing(index_elements=[table.c.session_id]))
    if values:
        tx.execute(update(table).where(table.c.session_id == session_id).values(**values))


def release(tx: Connection, session_id: str) -> None:
    """Of a session that is shown again: its row goes, unless something else is to be followed."""
    managed = managed_sessions.c
    is_plain = and_(managed.continued_in.is_(None), managed.client_project.is_(None), ~managed.erased)
    tx.execute(delete(managed_sessions).where(managed.session_id == session_id, is_plain))


def merged_into(tx: Connection, session_ids: Sequence[str]) -> list[str]:
    """The hidden sessions that are parts of these."""
    managed = managed_sessions.c
    return list(tx.scalars(select(managed.session_id).where(managed.continued_in.in_(session_ids))))


def _move(tx: Connection, into: str, other: str) -> None:
    (rev,) = revs.take(tx, 1)
    for table in MOVED:
        _note(tx, other, table.name, tx.scalars(select(table.c.id).where(table.c.session_id == other)))
        tx.execute(update(table).where(table.c.session_id == other).values(session_id=into, rev=rev))
    rows = tx.scalars(select(legacy_rows.c.key).where(legacy_rows.c.session_id == other))
    _note(tx, other, legacy_rows.name, rows)
    tx.execute(update(legacy_rows).where(legacy_rows.c.session_id == other).values(session_id=into))
    _note(tx, other, managed_sessions.name, merged_into(tx, [other]))
    tx.execute(update(managed_sessions).where(managed_sessions.c.continued_in == other).values(continued_in=into))


def _copy(tx: Connection, into: str, other: str, table: Table, key: str) -> None:
    """What `into` does not have itself. Its own summary stays the active one, and its decisions stay as they are."""
    own = set(tx.scalars(select(table.c[key]).where(table.c.session_id == into)))
    rows = [dict(row) for row in tx.execute(select(table).where(table.c.session_id == other)).mappings()]
    new = [row | _changes(tx, table, into) for row in rows if row[key] not in own]
    if new:
        tx.execute(insert(table), new)
        _note(tx, other, table.name, [_text(row[key]) for row in new])


def _changes(tx: Connection, table: Table, into: str) -> dict[str, Any]:
    changed: dict[str, Any] = {"session_id": into}
    if "rev" in table.c:
        (changed["rev"],) = revs.take(tx, 1)
    if table is summaries:
        changed["active"] = False
    return changed


def _add_memory(tx: Connection, into: str, other: str) -> None:
    table = memory_segments
    own = {row.key: row for row in tx.execute(select(table).where(table.c.session_id == into))}
    for row in tx.execute(select(table).where(table.c.session_id == other)).mappings().all():
        if (there := own.get(row["key"])) is None:
            tx.execute(insert(table), [dict(row) | {"session_id": into}])
            continue
        first_ms = min(there.first_seen_ms, row["first_seen_ms"])
        last_ms = max(there.last_seen_ms, row["last_seen_ms"])
        same = update(table).where(table.c.session_id == into, table.c.key == row["key"])
        tx.execute(same.values(sent=table.c.sent + row["sent"], first_seen_ms=first_ms, last_seen_ms=last_ms))


def _subtract_memory(tx: Connection, into: str, other: str) -> None:
    table = memory_segments
    for row in tx.execute(select(table.c.key, table.c.sent).where(table.c.session_id == other)).all():
        same = and_(table.c.session_id == into, table.c.key == row.key)
        tx.execute(update(table).where(same).values(sent=table.c.sent - row.sent))
        tx.execute(delete(table).where(same, table.c.sent <= 0))


def _name(tx: Connection, into: str, other: str, keep: bool) -> None:
    rows = {row.id: row for row in tx.execute(select(sessions).where(sessions.c.id.in_([into, other])))}
    if not keep and rows[other].name:
        change(tx, into, name=rows[other].name, renamed=True)
    if rows[other].pinned:
        change(tx, into, pinned=True)


def _note(tx: Connection, session_id: str, kind: str, row_ids: Iterable[object]) -> None:
    rows = [{"session_id": session_id, "kind": kind, "row_id": str(row_id)} for row_id in row_ids]
    if rows:
        tx.execute(insert(merged_rows), rows)


def _keys(session_id: str, kind: str) -> Any:
    return select(merged_rows.c.row_id).where(merged_rows.c.session_id == session_id, merged_rows.c.kind == kind)


def _ids(session_id: str, table: Table) -> Any:
    ids = select(cast(merged_rows.c.row_id, BigInteger))
    return ids.where(merged_rows.c.session_id == session_id, merged_rows.c.kind == table.name)


def _text(key: Any) -> str:
    return bytes(key).hex() if isinstance(key, bytes | memoryview) else str(key)
