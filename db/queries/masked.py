"""What was masked: which original, where, why, and how much smaller its digest is."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from addons.domain.decisions import Action
from db.models import Decision, Original, Session, SessionOriginal
from db.queries.requests import COUNT_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFilter:
    """Which; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    """Of the session's latest completion."""
    session_id: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A digest in the place of an original, in one message of one session."""

    session_id: str
    tag: str
    reason: str
    """`arrival`, or the epoch's."""
    tokens_before: int
    tokens_after: int
    decided_at_ms: int
    digest: str
    """The text that is forwarded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedRow:
    """One original in one session."""

    tag: str
    session_id: str
    session_name: str
    kind: str
    tool: str
    path: str
    tokens: int
    """Estimate, of the original."""
    lines: int
    created_at_ms: int
    """When it was first taken out, in any session."""
    uses: tuple[Use, ...]
    """The earliest first; empty where the decision is not recorded."""


_NAMES = ("tag", "kind", "tool", "path", "tokens", "lines", "created_at_ms")
_COLUMNS = [getattr(Original, name) for name in _NAMES]


def page(tx: Connection, wanted: MaskedFilter, limit: int, offset: int = 0) -> list[MaskedRow]:
    """The latest first; without what only deleted sessions need."""
    found = _latest(wanted, limit + offset).subquery().c
    names = [found[name] for name in _NAMES]
    query = select(*names, Session.id.label("session_id"), Session.name.label("session_name"))
    query = query.join(SessionOriginal, SessionOriginal.tag == found.tag).join(Session, _OWNER).where(*_owned(wanted))
    query = query.order_by(found.created_at_ms.desc(), found.tag, Session.id).limit(limit).offset(offset)
    rows = [dict(row) for row in tx.execute(query).mappings()]
    uses = _by_place(uses_in(tx, {row["session_id"] for row in rows}))
    return [MaskedRow(**row, uses=uses.get((row["session_id"], row["tag"]), ())) for row in rows]


def count(tx: Connection, wanted: MaskedFilter) -> int:
    """How many there are, never more than `COUNT_LIMIT + 1`."""
    some = select(SessionOriginal.tag).where(*needed(wanted))
    if asked := about(wanted):  # else originals are not looked at
        some = some.join(Original, Original.tag == SessionOriginal.tag).where(*asked)
    return tx.scalar(select(func.count()).select_from(some.limit(COUNT_LIMIT + 1).subquery())) or 0


def kinds(tx: Connection) -> list[str]:
    """Of all originals."""
    return list(tx.scalars(select(Original.kind).distinct().order_by(Original.kind)))


def uses_of(tx: Connection, tag: str) -> list[tuple[str, Use]]:
    """Each with its session's name, the earliest first; without those of deleted sessions."""
    query = select(Session.id, Session.name).join(SessionOriginal, SessionOriginal.session_id == Session.id)
    names = {row.id: row.name for row in tx.execute(query.where(SessionOriginal.tag == tag, _SHOWN))}
    return [(names[use.session_id], use) for use in uses_in(tx, names) if use.tag == tag]


def masked_by(tx: Connection, session_id: str, at_ms: int) -> list[tuple[Use, str, str, str]]:
    """What of a session had been masked at that time, the earliest first; each with its kind, tool and path."""
    found = [use for use in uses_in(tx, [session_id]) if use.decided_at_ms <= at_ms]
    query = select(Original.tag, Original.kind, Original.tool, Original.path)
    query = query.join(SessionOriginal, SessionOriginal.tag == Original.tag)
    rows = tx.execute(query.where(SessionOriginal.session_id == session_id))
    about = {row.tag: (row.kind, row.tool, row.path) for row in rows}
    return [(use, *about.get(use.tag, ("", "", ""))) for use in found]


_SHOWN = Session.deleted_at_ms.is_(None)


def _latest(wanted: MaskedFilter, limit: int) -> Select[Any]:
    """So many originals that a session needs which is asked for.

    First these, and then their sessions: a database that began with the sessions would look at all that was ever
    masked. Only where few sessions are asked for are they where it begins.
    """
    mine = select(SessionOriginal.tag).join(Session, _OWNER).where(*_owned(wanted))
    if wanted.session_id or wanted.provider:
        query = select(*_COLUMNS).where(Original.tag.in_(mine))
    else:
        query = select(*_COLUMNS).where(mine.where(SessionOriginal.tag == Original.tag).exists())
    return _wanted(query, wanted).order_by(Original.tag).limit(limit)


def _wanted(query: Select[Any], wanted: MaskedFilter) -> Select[Any]:
    """The latest first."""
    return query.where(*about(wanted)).order_by(Original.created_at_ms.desc())


def about(wanted: MaskedFilter) -> list[ColumnElement[bool]]:
    """What is asked of an original itself."""
    asked = []
    if wanted.since_ms is not None:
        asked.append(Original.created_at_ms >= wanted.since_ms)
    if wanted.kind:
        asked.append(Original.kind == wanted.kind)
    return asked


def needed(wanted: MaskedFilter) -> list[ColumnElement[bool]]:
    """What is asked of a session that needs one; the few deleted sessions are looked up, and not all the others."""
    if wanted.provider:
        return [SessionOriginal.session_id.in_(select(Session.id).where(*_owned(wanted)))]
    deleted = select(Session.id).where(Session.deleted_at_ms.is_not(None))
    asked: list[ColumnElement[bool]] = [SessionOriginal.session_id.not_in(deleted)]
    if wanted.session_id:
        asked.append(SessionOriginal.session_id == wanted.session_id)
    return asked


_OWNER = Session.id == SessionOriginal.session_id


def _owned(wanted: MaskedFilter) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [_SHOWN]
    if wanted.provider:
        asked.append(Session.provider == wanted.provider)
    if wanted.session_id:
        asked += (Session.id == wanted.session_id, SessionOriginal.session_id == wanted.session_id)
    return asked


def uses_in(tx: Connection, session_ids: Iterable[str]) -> Iterator[Use]:
    """All that these sessions mask: a session has at most as many decisions as messages."""
    columns = (Decision.session_id, Decision.reason, Decision.decided_at_ms, Decision.replacements)
    query = select(*columns).where(Decision.session_id.in_(list(session_ids)), Decision.action == str(Action.MASK))
    for row in tx.execute(query.order_by(Decision.decided_at_ms, Decision.rev)):
        for new in json.loads(row.replacements):
            yield Use(
                session_id=row.session_id,
                tag=new["tag"],
                reason=row.reason,
                tokens_before=new["tokens_before"],
                tokens_after=new["tokens_after"],
                decided_at_ms=row.decided_at_ms,
                digest=new["text"],
            )


def _by_place(uses: Iterable[Use]) -> dict[tuple[str, str], tuple[Use, ...]]:
    found: dict[tuple[str, str], Sequence[Use]] = {}
    for use in uses:
        place = use.session_id, use.tag
        found[place] = (*found.get(place, ()), use)
    return {place: tuple(some) for place, some in found.items()}
