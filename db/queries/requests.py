"""Questions about single completions over time, for the table of requests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, text

from addons.domain.completion import Outcome
from db.models import NOT_OK, Completion, RollupHour, Session
from db.queries.hidden import shown

COUNT_LIMIT = 10_000
"""A count stops here: counting a million rows with a filter takes seconds, and nobody pages that far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One completion as the table shows it; the names are those of the columns, `session_name` of the session's."""

    id: int
    session_id: str | None
    session_name: str
    project: str
    started_at_ms: int
    source: str
    provider: str
    model: str
    routed_from: str
    kind: str
    status: int | None
    outcome: str
    error_class: str
    error_message: str
    prompt_tokens_before: int | None
    prompt_tokens_sent: int | None
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    reasoning_tokens: int | None
    usage_source: str | None
    context_fill: float | None
    masked_tokens_saved: int
    compressed_tokens_saved: int
    rate_wait_ms: float | None
    ttfb_ms: float | None
    duration_ms: float | None
    overhead_ms: float | None
    cost_usd: float | None
    trace_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """Which completions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    kind: str = ""
    outcome: str = ""
    session_id: str = ""


_NAMES = tuple(RequestRow.__slots__)


def page(tx: Connection, wanted: RequestFilter, limit: int, offset: int = 0) -> list[RequestRow]:
    """The latest first."""
    columns = [
        func.coalesce(Session.name, "") if name == "session_name" else getattr(Completion, name) for name in _NAMES
    ]
    query = select(*columns).join(Session, Session.id == Completion.session_id, isouter=True)
    query = _where(query, wanted).order_by(Completion.started_at_ms.desc(), Completion.id.desc())
    rows = tx.execute(query.limit(limit).offset(offset))
    return [RequestRow(**dict(zip(_NAMES, row, strict=True))) for row in rows]


def count(tx: Connection, wanted: RequestFilter) -> int:
    """How many there are, never more than `COUNT_LIMIT + 1`."""
    some = _where(select(Completion.id), wanted).limit(COUNT_LIMIT + 1).subquery()
    return tx.scalar(select(func.count()).select_from(some)) or 0


def providers(tx: Connection) -> list[str]:
    """Every provider that was ever called, from the hourly sums."""
    return list(tx.scalars(select(RollupHour.provider).distinct().order_by(RollupHour.provider)))


def _where(query: Select[Any], wanted: RequestFilter) -> Select[Any]:
    query = query.where(shown(Completion.session_id))
    if wanted.since_ms is not None:
        query = query.where(Completion.started_at_ms >= wanted.since_ms)
    for column, value in (
        (Completion.provider, wanted.provider),
        (Completion.kind, wanted.kind),
        (Completion.outcome, wanted.outcome),
        (Completion.session_id, wanted.session_id),
    ):
        if value:
            query = query.where(column == value)
    if wanted.outcome and wanted.outcome != Outcome.OK:
        query = query.where(text(NOT_OK))  # which those few have an index for
    return query
