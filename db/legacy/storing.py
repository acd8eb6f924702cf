"""Writes what a predecessor's rows become: a batch in a transaction, which is kept only if nothing is lost in it."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, select

from addons.domain.completion import Completion
from addons.domain.decisions import Original
from addons.domain.events import Event
from db import revs
from db.legacy import checking
from db.legacy.items import Item, OldOriginal, OldSession
from db.legacy.values import as_json
from db.prepared import Prepared
from db.records import originals, traffic
from db.tables import events, legacy_rows, original_aliases, sessions
from db.text import safe, storable

PROXY_ID = "legacy"
_KNOWN_AT_ONCE = 1_000

_ROWS = Prepared(legacy_rows)
_SESSIONS = Prepared(sessions, lambda insert: insert.on_conflict_do_nothing(index_elements=[sessions.c.id]))
_ALIASES = Prepared(
    original_aliases, lambda insert: insert.on_conflict_do_nothing(index_elements=[original_aliases.c.alias])
)
_EVENTS = Prepared(events)


def known(tx: Connection, keys: Sequence[str]) -> set[str]:
    """Those that have been imported."""
    found: set[str] = set()
    for at in range(0, len(keys), _KNOWN_AT_ONCE):
        some = select(legacy_rows.c.key).where(legacy_rows.c.key.in_(keys[at : at + _KNOWN_AT_ONCE]))
        found.update(tx.execute(some).scalars())
    return found


class Storing:
    """Into a store; each batch whole or not at all."""

    def __init__(self, engine: Callable[[], Engine], now_ms: int) -> None:
        self._engine = engine
        self._now_ms = now_ms

    def take(self, items: Sequence[Item]) -> list[Item]:
        """Stores those that are new, and returns them.

        :raises UserError: if what is in the store then is not what was in the file; this batch is not kept.
        """
        with self._engine().begin() as tx:
            first_rev = revs.take(tx, 0).start  # and no other writer comes between
            there = known(tx, [item.key for item in items])
            new = [item for item in items if item.key not in there]
            if new:
                check = checking.Check(tx, new, first_rev)
                self._write(tx, new)
                check.refuse_loss()
        return new

    def note(self, event: Event) -> None:
        with self._engine().begin() as tx:
            _write_events(tx, [event])

    def _write(self, tx: Connection, items: Sequence[Item]) -> None:
        old_sessions = [item.becomes for item in items if isinstance(item.becomes, OldSession)]
        found = [item.becomes for item in items if isinstance(item.becomes, OldOriginal)]
        _write_sessions(tx, [*old_sessions, *(each.owner for each in found if each.owner)])
        if calls := [item.becomes for item in items if isinstance(item.becomes, Completion)]:
            traffic.write(tx, calls, PROXY_ID)
        _write_originals(tx, found)
        _write_events(tx, [item.becomes for item in items if isinstance(item.becomes, Event)])
        _ROWS.run(tx, [self._row(item) for item in items])

    def _row(self, item: Item) -> dict[str, object]:
        return {
            "key": item.key,
            "table_name": storable(item.table, 60),
            "old_id": storable(item.old_id, 80),
            "session_id": item.session_id,
            "data": as_json(item.data),
            "imported_at_ms": self._now_ms,
        }


def _write_sessions(tx: Connection, found: Sequence[OldSession]) -> None:
    rows = [
        {
            "id": session.id,
            "name": storable(session.name, 200),
            "source": "legacy",
            "provider": storable(session.provider, 60),
            "model": storable(session.model, 200),
            "created_at_ms": session.created_at_ms,
            "last_seen_ms": session.created_at_ms,
            "rev": rev,
        }
        for session, rev in zip(found, revs.take(tx, len(found)), strict=True)
    ]
    _SESSIONS.run(tx, rows)


def _write_originals(tx: Connection, found: Sequence[OldOriginal]) -> None:
    texts: list[Original] = [each.original for each in found]
    if not texts:
        return
    originals.write(tx, texts, PROXY_ID)
    named = [each for each in found if each.alias]
    _ALIASES.run(tx, [{"alias": storable(each.alias, 128), "tag": each.original.tag} for each in named])


def _write_events(tx: Connection, found: Sequence[Event]) -> None:
    """Not as the recorder does it: `as_json` has looked at each value, and the whole rows would be looked at again."""
    rows = [
        {
            "rev": rev,
            "at_ms": event.at_ms,
            "kind": event.kind,
            "level": str(event.level),
            "session_id": event.session_id,
            "message": safe(event.message, 500),
            "data": as_json(event.data),
        }
        for event, rev in zip(found, revs.take(tx, len(found)), strict=True)
    ]
    _EVENTS.run(tx, rows)
