"""Rows of sessions: what one is recognised by after a restart, its counters, and its latest values.

One statement changes all that a batch says of a session.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func

from addons.domain.completion import Completion
from addons.domain.kinds import FILLS_CONTEXT
from addons.domain.sessions import SessionState
from db.prepared import Prepared
from db.records.amounts import SESSION_SUMS, amounts
from db.tables import sessions
from db.text import safe, storable
from db.upsert import Insert, added, larger

LATEST = ("context_window", "context_fill", "memory_tokens", "memory_ratio")
"""Columns with the latest known value, of a completion that fills the context."""

Row = dict[str, Any]
Parts = tuple[bool, ...]
"""Whether there is a state, are completions, and some of them fill the context: what the row replaces."""


@dataclass(slots=True)
class Change:
    """What a batch says of one session."""

    id: str
    state: SessionState | None = None
    """The last one."""
    completions: list[Completion] = field(default_factory=list)
    filling: list[Completion] = field(default_factory=list)
    """Those that fill the context."""

    @property
    def parts(self) -> Parts:
        return self.state is not None, bool(self.completions), bool(self.filling)


def changes(records: Iterable[SessionState | Completion]) -> list[Change]:
    """By session, in the order in which they first occur."""
    found: dict[str, Change] = {}
    for record in records:
        if isinstance(record, SessionState):
            found.setdefault(record.id, Change(record.id)).state = record
        elif record.session_id is not None:
            change = found.setdefault(record.session_id, Change(record.session_id))
            change.completions.append(record)
            if record.kind in FILLS_CONTEXT:
                change.filling.append(record)
    return list(found.values())


def write(tx: Connection, found: Sequence[Change], revs: Iterator[int]) -> None:
    """A session that has no row yet gets one with what is known of it. Each takes a rev."""
    rows: dict[Parts, list[Row]] = {}
    for change in found:
        rows.setdefault(change.parts, []).append({**_row(change), "rev": next(revs)})
    for parts, same in rows.items():
        _STATEMENTS[parts].run(tx, same)


def _row(change: Change) -> Row:
    row = _counted(change) if change.completions else {}
    if state := change.state:
        row |= {
            "id": state.id,
            "name": _name(state.name),
            "project": storable(state.project, 200),
            "created_at_ms": state.created_at_ms,
            "last_seen_ms": max(state.last_seen_ms, row.get("last_seen_ms", 0)),
            "message_keys": state.keys,
            "summary_keys": b"".join(state.summaries),
        }
    return row


def _counted(change: Change) -> Row:
    found, filling = change.completions, change.filling
    speaker, first = (filling or found)[-1], found[0]
    parts = [amounts(each) for each in found]
    return {
        "id": change.id,
        "name": _name(first.session_name),
        "project": storable(first.project, 200),
        "source": str(first.source),
        "provider": storable(speaker.provider, 60),
        "model": storable(speaker.model, 200),
        "created_at_ms": min(each.started_at_ms for each in found),
        "last_seen_ms": max(each.started_at_ms for each in found),
        "turns": max(each.turn or 0 for each in found),
        **{name: sum(part[name] for part in parts) for name in SESSION_SUMS},
        **{name: _last_known(filling, name) for name in LATEST},
    }


@lru_cache(maxsize=1_000)
def _name(name: str) -> str:
    """Remembered, because a session's name comes again with each of its requests."""
    return safe(name, 200)


def _last_known(completions: list[Completion], name: str) -> float | None:
    values: Iterable[float | None] = (getattr(each, name) for each in reversed(completions))
    return next((value for value in values if value is not None), None)


def _changing(parts: Parts) -> Callable[[Insert], Insert]:
    has_state, has_completions, is_filled = parts

    def complete(insert: Insert) -> Insert:
        values = {"last_seen_ms": larger(insert, sessions, "last_seen_ms"), "rev": insert.excluded.rev}
        if has_state:
            values |= _of_state(insert)
        if has_completions:
            values |= _of_completions(insert, is_filled)
        return insert.on_conflict_do_update(index_elements=[sessions.c.id], set_=values)

    return complete


def _of_state(insert: Insert) -> dict[str, ColumnElement[Any]]:
    stored, new = sessions.c, insert.excluded
    keeps_name = stored.renamed | (new.name == "")
    return {
        "name": case((keeps_name, stored.name), else_=new.name),
        "project": case((new.project == "", stored.project), else_=new.project),
        "message_keys": new.message_keys,
        "summary_keys": new.summary_keys,
    }


def _of_completions(insert: Insert, is_filled: bool) -> dict[str, ColumnElement[Any]]:
    """`is_filled`: the row's provider and model replace those the session has."""
    stored, new = sessions.c, insert.excluded
    named: dict[str, ColumnElement[str]] = {name: new[name] for name in ("provider", "model")}
    if not is_filled:
        named = {name: case((stored[name] == "", value), else_=stored[name]) for name, value in named.items()}
    return {
        **added(insert, sessions, SESSION_SUMS),
        **{name: func.coalesce(new[name], stored[name]) for name in LATEST},
        **named,
        "turns": larger(insert, sessions, "turns"),
    }


_STATEMENTS = {parts: Prepared(sessions, _changing(parts)) for parts in product((False, True), repeat=3)}
