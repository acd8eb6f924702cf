"""Questions about single completions over time, for the table of requests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text

from addons.domain.completion import Outcome
from db.models import NOT_OK, OF_PROJECT, Completion, RollupHour, Session
from db.queries.hidden import shown
from db.queries.matching import matching, narrowing
from db.queries.proxies import of_user

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
    proxy_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """Which completions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    model: str = ""
    project: str = ""
    kind: str = ""
    outcome: str = ""
    session_id: str = ""
    user: str = ""
    """Whose proxies: `team.user` in their settings."""
    proxy_id: str = ""


_NAMES = tuple(RequestRow.__slots__)
_NARROWING = ("session_id", "model", "proxy_id", "project", "provider", "kind")


def page(tx: Connection, wanted: RequestFilter, limit: int, offset: int = 0) -> list[RequestRow]:
    """The latest first."""
    columns = [
        func.coalesce(Session.name, "") if name == "session_name" else getattr(Completion, name) for name in _NAMES
    ]
    query = select(*columns).join(Session, Session.id == Completion.session_id, isouter=True)
    query = query.where(*conditions(wanted)).order_by(Completion.started_at_ms.desc(), Completion.id.desc())
    rows = tx.execute(query.limit(limit).offset(offset))
    return [RequestRow(**dict(zip(_NAMES, row, strict=True))) for row in rows]


def count(tx: Connection, wanted: RequestFilter) -> int:
    """How many there are, never more than `COUNT_LIMIT + 1`."""
    some = select(Completion.id).where(*conditions(wanted)).limit(COUNT_LIMIT + 1).subquery()
    return tx.scalar(select(func.count()).select_from(some)) or 0


def providers(tx: Connection) -> list[str]:
    """Every provider that was ever called, from the hourly sums."""
    return list(tx.scalars(select(RollupHour.provider).distinct().order_by(RollupHour.provider)))


def conditions(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    """By which completions are chosen."""
    failed = bool(wanted.outcome) and wanted.outcome != Outcome.OK
    found: list[Any] = [shown(Completion.session_id), *narrowing(Completion, wanted, _NARROWING, is_narrow=failed)]
    if wanted.since_ms is not None:
        found.append(Completion.started_at_ms >= wanted.since_ms)
    if wanted.user:
        found.append(of_user(Completion.proxy_id, wanted.user))
    # An index of a few rows is used where its condition is there word for word.
    few = {NOT_OK: failed, f"completions.{OF_PROJECT}": bool(wanted.project)}
    words = [text(which) for which, asked in few.items() if asked]
    return [*matching(Completion, wanted, ("outcome",)), *found, *words]
