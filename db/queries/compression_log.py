"""The log of compressions: each with its session, what all together keep out of requests, and what became of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from addons.domain.compression.summary import Summary
from addons.domain.kinds import Kind
from db.models import Completion, Event, Session
from db.queries.compressions import COLUMNS, summary
from db.queries.tallied import tallied, total
from db.tables import summaries

EVENT_KIND = "compression"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionFilter:
    """Which compressions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    """The session's, which is where its requests went last."""
    session_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionRow:
    summary: Summary
    session_name: str
    provider: str
    completion_id: int | None
    """The request that was compressed first; None once it is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionSums:
    """Over the requests of the selection."""

    saved_tokens: int
    """Kept out of answered requests by summaries, estimated: a summary saves anew in each request it stands in."""
    requests: int
    """Answered with a summary in them."""
    calls: int
    """To models, to write summaries; failed ones included."""
    unpriced: int
    """Of these calls."""
    cost_usd: float
    """Of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionNote:
    """What happened to a compression: made, written by a model, failed, dropped."""

    at_ms: int
    level: str
    session_id: str | None
    session_name: str
    message: str
    data: Mapping[str, Any]
    """The figures in the message."""


def compressions(tx: Connection, wanted: CompressionFilter, limit: int) -> list[CompressionRow]:
    """The latest first; not those of deleted sessions."""
    first = (
        select(func.min(Completion.id))
        .where(Completion.session_id == summaries.c.session_id, Completion.started_at_ms == summaries.c.created_at_ms)
        .scalar_subquery()
    )
    query = (
        select(*COLUMNS, Session.name, Session.provider, first.label("completion_id"))
        .join(Session, Session.id == summaries.c.session_id)
        .where(*_of_session(wanted, summaries.c.created_at_ms))
        .order_by(summaries.c.created_at_ms.desc(), summaries.c.session_id)
        .limit(limit)
    )
    size = len(COLUMNS)
    named = [column.name for column in COLUMNS]
    return [
        CompressionRow(
            summary=summary(dict(zip(named, row[:size], strict=True))),
            session_name=row.name,
            provider=row.provider,
            completion_id=row.completion_id,
        )
        for row in tx.execute(query)
    ]


def compression_sums(tx: Connection, wanted: CompressionFilter) -> CompressionSums:
    only = {"provider": [wanted.provider]}
    row = tallied(("compressed_tokens", "compressed"), wanted.since_ms, only, session_id=wanted.session_id)
    helped = select(total(row.compressed_tokens).label("saved_tokens"), total(row.compressed).label("requests"))
    written = select(
        func.count().label("calls"),
        func.count(case((Completion.cost_usd.is_(None), 1))).label("unpriced"),
        func.coalesce(func.sum(Completion.cost_usd), 0.0).label("cost_usd"),
    ).where(Completion.kind == str(Kind.COMPRESSION), *_of_completion(wanted))
    return CompressionSums(**tx.execute(helped).mappings().one(), **tx.execute(written).mappings().one())


def compression_notes(tx: Connection, wanted: CompressionFilter, limit: int) -> list[CompressionNote]:
    """The latest first."""
    name = Session.name.label("session_name")
    query = (
        select(Event.at_ms, Event.level, Event.session_id, name, Event.message, Event.data)
        .join(Session, Session.id == Event.session_id)
        .where(Event.kind == EVENT_KIND, *_of_session(wanted, Event.at_ms))
        .order_by(Event.at_ms.desc(), Event.id.desc())
        .limit(limit)
    )
    rows = tx.execute(query).mappings()
    return [CompressionNote(**{**row, "data": json.loads(row["data"] or "{}")}) for row in rows]


def _of_session(
    wanted: CompressionFilter, at_ms: ColumnElement[int] | InstrumentedAttribute[int]
) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [Session.deleted_at_ms.is_(None)]
    if wanted.since_ms is not None:
        asked.append(at_ms >= wanted.since_ms)
    if wanted.provider:
        asked.append(Session.provider == wanted.provider)
    if wanted.session_id:
        asked.append(Session.id == wanted.session_id)
    return asked


def _of_completion(wanted: CompressionFilter) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.since_ms is not None:
        asked.append(Completion.started_at_ms >= wanted.since_ms)
    if wanted.provider:
        asked.append(Completion.provider == wanted.provider)
    if wanted.session_id:
        asked.append(Completion.session_id == wanted.session_id)
    return asked
