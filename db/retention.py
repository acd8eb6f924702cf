"""What has been kept long enough is removed, a part at a time; calls, their counts and costs stay for ever.

What belongs to a pinned session stays, too. The file is made smaller by the pages that became free, where it was made
for that (`engine.writer` does so for a new one); `compact` changes an older one.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, delete, exists, or_, select, update

from addons.domain.settings.retention import Retention
from db import revs
from db.tables import alerts, commands, decisions, events, originals, session_originals, sessions, summaries

DAY_MS = 24 * 3_600_000
CHUNK = 1_000
"""Rows of a table in one transaction: some ten milliseconds, so that nobody is kept waiting."""
FREED_PAGES = 2_000
"""Given back to the disk in one transaction: 8 MB."""
LOG_KIND = "ide_log"
KEPT_KINDS = ("epoch", "routing", "compression", "repair", "legacy_import")
"""Events that the pages count savings and moves by."""

Part = Callable[[Connection, int], int]
"""Removes at most CHUNK rows that are older than so many milliseconds since 1970; how many."""


def expire(tx: Connection, retention: Retention, now_ms: int) -> int:
    """How many rows were removed or emptied; where it is not 0, there may be more."""
    parts: tuple[tuple[int | None, Part], ...] = (
        (retention.originals_days, _originals),
        (retention.previews_days, _digests),
        (retention.previews_days, _summaries),
        (retention.previews_days, _answers),
        (retention.log_events_days, _log_events),
        (retention.events_days, _events),
        (retention.alerts_days, _alerts),
        (retention.commands_days, _commands),
    )
    return sum(part(tx, now_ms - days * DAY_MS) for days, part in parts if days is not None)


def give_back(tx: Connection) -> None:
    """Free pages to the disk; without effect on a file that was not made for it, and on other databases."""
    connection = tx.connection.driver_connection
    if tx.dialect.name == "sqlite" and connection is not None:
        # By the driver: it gives a page back with each step, and SQLAlchemy takes none where there are no columns.
        connection.execute(f"PRAGMA incremental_vacuum({FREED_PAGES})").fetchall()


def _stale(before_ms: int) -> Select[tuple[str]]:
    """Sessions whose texts are not needed any more."""
    return select(sessions.c.id).where(sessions.c.last_seen_ms < before_ms, ~sessions.c.pinned)


def _originals(tx: Connection, before_ms: int) -> int:
    """First that those sessions need them, then those that nobody needs."""
    stale = session_originals.c.session_id.in_(_stale(before_ms))
    due = tx.execute(select(session_originals.c.session_id, session_originals.c.tag).where(stale).limit(CHUNK)).all()
    if not due:
        return 0
    revs.take(tx, 0)  # no writer refers meanwhile to an original that seems to be needed no more
    for session_id in {row.session_id for row in due}:
        tags = [row.tag for row in due if row.session_id == session_id]
        of_session = and_(session_originals.c.session_id == session_id, session_originals.c.tag.in_(tags))
        tx.execute(delete(session_originals).where(of_session))
    needed = exists().where(session_originals.c.tag == originals.c.tag)
    tx.execute(delete(originals).where(originals.c.tag.in_({row.tag for row in due}), ~needed))
    return len(due)


def _digests(tx: Connection, before_ms: int) -> int:
    return _remove(tx, decisions, decisions.c.session_id.in_(_stale(before_ms)))


def _summaries(tx: Connection, before_ms: int) -> int:
    """Emptied, because the pages count by them; what is empty must not be forwarded any more."""
    stale = and_(summaries.c.session_id.in_(_stale(before_ms)), or_(summaries.c.text != "", summaries.c.active))
    due = select(summaries.c.session_id, summaries.c.created_at_ms).where(stale).limit(CHUNK)
    found = tx.execute(due).all()
    for row, rev in zip(found, revs.take(tx, len(found)) if found else (), strict=True):
        one = and_(summaries.c.session_id == row.session_id, summaries.c.created_at_ms == row.created_at_ms)
        tx.execute(update(summaries).where(one).values(text="", request="", active=False, rev=rev))
    return len(found)


def _answers(tx: Connection, before_ms: int) -> int:
    """Of commands: a preview of a compression holds its text."""
    old = and_(commands.c.done_at_ms < before_ms, commands.c.result != "")
    ids = list(tx.execute(select(commands.c.id).where(old).limit(CHUNK)).scalars())
    if ids:
        tx.execute(update(commands).where(commands.c.id.in_(ids)).values(result="", payload="{}"))
    return len(ids)


def _log_events(tx: Connection, before_ms: int) -> int:
    return _remove(tx, events, and_(events.c.kind == LOG_KIND, events.c.at_ms < before_ms))


def _events(tx: Connection, before_ms: int) -> int:
    return _remove(tx, events, and_(events.c.at_ms < before_ms, events.c.kind.not_in((LOG_KIND, *KEPT_KINDS))))


def _alerts(tx: Connection, before_ms: int) -> int:
    return _remove(tx, alerts, alerts.c.at_ms < before_ms)


def _commands(tx: Connection, before_ms: int) -> int:
    return _remove(tx, commands, commands.c.done_at_ms < before_ms)


def _remove(tx: Connection, table: Table, due: ColumnElement[bool]) -> int:
    """Looked for first, so that nothing is written where nothing is due."""
    primary = list(table.primary_key.columns)
    found = tx.execute(select(*primary).where(due).limit(CHUNK)).all()
    if not found:
        return 0
    if len(primary) == 1:
        tx.execute(delete(table).where(primary[0].in_([row[0] for row in found])))
    else:
        rows = [{f"key_{column.name}": value for column, value in zip(primary, row, strict=True)} for row in found]
        named = [column == bindparam(f"key_{column.name}") for column in primary]
        tx.execute(delete(table).where(*named), rows)
    return len(found)
