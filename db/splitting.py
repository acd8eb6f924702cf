"""Splitting a session in two at one of its requests.

The earlier part becomes a session of its own, and keeps the name; the later part keeps the id, because its conversation
goes on under it: it is recognised and forwarded as before, and no proxy need know. Merging both takes it back.
"""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, insert, or_, select, update

from addons.domain.errors import UserError
from addons.domain.kinds import FILLS_CONTEXT
from addons.domain.message_list import whole
from db import revs
from db.commands import NAME_LIMIT, change, changing, ensure_shown, readable
from db.queries.message_lists import steps_until
from db.records.message_steps import columns
from db.records.recounting import recount
from db.tables import (
    alerts,
    completions,
    decisions,
    events,
    memory_segments,
    message_steps,
    session_originals,
    sessions,
    summaries,
)

_call = completions.c
_KEPT_BY_THE_EARLIER = ("name", "renamed", "project", "source", "pinned")


def split_session(engine: Engine, session_id: str, completion_id: int, earlier_id: str, name: str = "") -> None:
    """All before that completion becomes the session `earlier_id`; from it on, it stays here, under another name.

    Memory segments that both parts sent are divided by the number of their requests.

    :param name: of the later part; where it is empty, the old one with a number.
    :raises UserError: if there is no such session or completion, nothing comes before it, or the name is not readable.
    """
    with changing(engine) as tx:
        ensure_shown(tx, session_id)
        started_at_ms = _split_at(tx, session_id, completion_id)
        old = tx.execute(select(sessions).where(sessions.c.id == session_id)).mappings().one()
        later = readable("A session's name", name) if name.strip() else _numbered(old["name"])
        kept = {column: old[column] for column in _KEPT_BY_THE_EARLIER}
        times = {"created_at_ms": old["created_at_ms"], "last_seen_ms": old["last_seen_ms"]}
        (rev,) = revs.take(tx, 1)
        tx.execute(insert(sessions).values(id=earlier_id, rev=rev, **kept, **times))
        _divide_memory(tx, session_id, earlier_id, started_at_ms)
        its = _call.session_id == session_id
        tx.execute(
            update(completions).where(its, _before(started_at_ms, completion_id)).values(session_id=earlier_id, rev=rev)
        )
        for table in (events, alerts):
            earlier = and_(table.c.session_id == session_id, table.c.at_ms < started_at_ms)
            tx.execute(update(table).where(earlier).values(session_id=earlier_id, rev=rev))
        _copy_decisions(tx, session_id, earlier_id, started_at_ms)
        old_summaries = and_(summaries.c.session_id == session_id, summaries.c.created_at_ms < started_at_ms)
        tx.execute(update(summaries).where(old_summaries, ~summaries.c.active).values(session_id=earlier_id, rev=rev))
        _part_lists(tx, session_id, earlier_id)
        change(tx, session_id, name=later, renamed=True)
        recount(tx, earlier_id)
        recount(tx, session_id)


def _part_lists(tx: Connection, *parts: str) -> None:
    """After the completions were moved: each part knows its messages by itself, also when the other is deleted."""
    before = message_steps.alias()
    beside, its = completions.alias(), completions.alias()
    step = message_steps.c
    query = (
        select(step.completion_id)
        .join(before, and_(before.c.chain == step.chain, before.c.number == step.number - 1))
        .join(its, its.c.id == step.completion_id)
        .join(beside, beside.c.id == before.c.completion_id)
        .where(its.c.session_id.in_(parts), beside.c.session_id.in_(parts), its.c.session_id != beside.c.session_id)
    )
    for completion_id in list(tx.scalars(query)):
        if alone := whole(steps_until(tx, completion_id)):
            tx.execute(update(message_steps).where(step.completion_id == completion_id).values(columns(alone)))


def _split_at(tx: Connection, session_id: str, completion_id: int) -> int:
    """When that completion was started.

    :raises UserError: if it is not one of the session's, or its first.
    """
    its = select(_call.started_at_ms).where(_call.session_id == session_id)
    started_at_ms: int | None = tx.scalar(its.where(_call.id == completion_id))
    if started_at_ms is None:
        raise UserError(f"Session {session_id!r} has no request {completion_id}.")
    if tx.execute(its.where(_before(started_at_ms, completion_id)).limit(1)).first() is None:
        raise UserError(f"Request {completion_id} is the first of session {session_id!r}: nothing comes before it.")
    return started_at_ms


def _before(started_at_ms: int, completion_id: int) -> ColumnElement[bool]:
    same_moment = and_(_call.started_at_ms == started_at_ms, _call.id < completion_id)
    return or_(_call.started_at_ms < started_at_ms, same_moment)


def _numbered(name: str) -> str:
    """`name (2)`, or the next number where it has one."""
    head, mark, number = name.removesuffix(")").rpartition(" (")
    if name.endswith(")") and mark and number.isdecimal():
        return f"{head[: NAME_LIMIT - 12]} ({int(number[:6]) + 1})"
    return f"{name[: NAME_LIMIT - 12]} (2)".strip()


def _copy_decisions(tx: Connection, session_id: str, earlier_id: str, until_ms: int) -> None:
    """What was decided until then, with the originals; the later part still sends these messages, and keeps them."""
    its = and_(decisions.c.session_id == session_id, decisions.c.decided_at_ms < until_ms)
    rows: list[dict[str, Any]] = [dict(row) for row in tx.execute(select(decisions).where(its)).mappings()]
    if not rows:
        return
    found = revs.take(tx, len(rows))
    tx.execute(
        insert(decisions), [row | {"session_id": earlier_id, "rev": rev} for row, rev in zip(rows, found, strict=True)]
    )
    named = {piece["tag"] for row in rows for piece in json.loads(row["replacements"])}
    links = session_originals.c
    there = set(tx.scalars(select(links.tag).where(links.session_id == session_id))) & named
    if there:
        tx.execute(insert(session_originals), [{"session_id": earlier_id, "tag": tag} for tag in sorted(there)])


def _divide_memory(tx: Connection, session_id: str, earlier_id: str, at_ms: int) -> None:
    """Before the completions are moved. Which of them sent a segment is not known; that each sent it, is likely."""
    segments = memory_segments.c
    query = select(memory_segments).where(segments.session_id == session_id, segments.first_seen_ms < at_ms)
    filling = select(_call.started_at_ms).where(
        _call.session_id == session_id, _call.kind.in_(sorted(map(str, FILLS_CONTEXT))), _call.started_at_ms < at_ms
    )
    moments = list(tx.scalars(filling))
    for row in tx.execute(query).mappings().all():
        one = and_(segments.session_id == session_id, segments.key == row["key"])
        if row["last_seen_ms"] < at_ms:
            tx.execute(update(memory_segments).where(one).values(session_id=earlier_id))
            continue
        likely = sum(row["first_seen_ms"] <= moment for moment in moments)
        before = max(1, min(row["sent"] - 1, likely))
        until_ms = max([row["first_seen_ms"], *moments])
        part = {"session_id": earlier_id, "sent": before, "last_seen_ms": until_ms}
        tx.execute(insert(memory_segments), [dict(row) | part])
        tx.execute(update(memory_segments).where(one).values(sent=max(1, row["sent"] - before), first_seen_ms=at_ms))
