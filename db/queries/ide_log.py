"""What the IDE's own logs told: errors and requests that were never sent, and its counts beside ours."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select, text

from addons.domain.completion import Outcome, Source
from addons.domain.continue_log.event import EVENT_KIND, LogKind
from db.models import NOT_OK, Completion, Event
from db.queries.tallied import tallied, total

BEFORE_MS = 3_000
AFTER_MS = 4_000
"""How far a failed call's end may lie from the IDE's line; core.log knows only seconds, cut off."""
LONGEST_MS = 600_000
"""A failed call that took longer is not looked for."""

_FAILED = [str(outcome) for outcome in Outcome if outcome != Outcome.OK]
_TELLS_OF_A_CALL = frozenset({LogKind.ERROR, LogKind.REQUEST})
_APART = ("log", "what", "error_class", "status", "operation", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeLogFilter:
    """Which events; an empty field does not filter."""

    since_ms: int | None = None
    what: str = ""
    """A value of `LogKind`."""
    error_class: str = ""
    log: str = ""
    """core.log, cn.log"""
    level: str = ""
    """info, warning, critical"""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeLogRow:
    id: int
    at_ms: int
    level: str
    log: str
    what: str
    error_class: str
    status: int | None
    operation: str
    model: str
    message: str
    figures: Mapping[str, Any]
    """What else the line gives, such as the token counts of a request that did not fit."""
    completion_id: int | None
    """The failed call that it tells of; None where none passed through the proxy at that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRow:
    """One call of which the IDE's log tells: what was estimated, reported and logged."""

    id: int
    session_id: str | None
    started_at_ms: int
    source: str
    """`proxy`: matched; `logs`: no such call passed through the proxy."""
    provider: str
    model: str
    kind: str
    prompt_tokens_before: int | None
    prompt_tokens_sent: int | None
    prompt_tokens: int | None
    usage_source: str | None
    logged_prompt_tokens: int | None
    completion_tokens: int | None
    logged_completion_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCounts:
    matched: int
    unmatched: int
    """Calls of the log that did not pass through the proxy."""
    untold: int
    """Calls through the proxy of which the log does not tell."""


_EVENT = [getattr(Event, name) for name in ("id", "at_ms", "level", "message", "data")]


def events(tx: Connection, wanted: IdeLogFilter, limit: int, offset: int = 0) -> list[IdeLogRow]:
    """The latest first."""
    query = _where(select(*_EVENT), wanted)
    query = query.order_by(Event.at_ms.desc(), Event.id.desc()).limit(limit).offset(offset)
    return [_event(tx, row) for row in tx.execute(query).all()]


def event_count(tx: Connection, wanted: IdeLogFilter) -> int:
    return tx.scalar(_where(select(func.count()).select_from(Event), wanted)) or 0


_LOGGED = tuple(LoggedRow.__slots__)


def logged(tx: Connection, since_ms: int, limit: int, offset: int = 0, *, source: str = "") -> list[LoggedRow]:
    """The latest first; `source`: only the matched (`proxy`) or the unmatched (`logs`)."""
    query = select(*(getattr(Completion, name) for name in _LOGGED))
    query = query.where(Completion.started_at_ms >= since_ms, Completion.logged_at_ms.is_not(None))
    if source:
        query = query.where(Completion.source == source)
    query = query.order_by(Completion.started_at_ms.desc(), Completion.id.desc()).limit(limit).offset(offset)
    return [LoggedRow(**dict(zip(_LOGGED, row, strict=True))) for row in tx.execute(query)]


def logged_counts(tx: Connection, since_ms: int) -> LoggedCounts:
    """Of the calls since then."""
    matched, unmatched = (func.count(case((Completion.source == str(of), 1))) for of in (Source.PROXY, Source.LOGS))
    told = select(matched.label("matched"), unmatched.label("unmatched")).where(
        Completion.logged_at_ms.is_not(None), Completion.started_at_ms >= since_ms
    )
    row = tx.execute(told).one()
    calls: int = tx.scalar(select(total(tallied(("calls",), since_ms, {}).calls))) or 0
    return LoggedCounts(matched=row.matched, unmatched=row.unmatched, untold=calls - row.matched)


def _where(query: Select[Any], wanted: IdeLogFilter) -> Select[Any]:
    query = query.where(Event.kind == EVENT_KIND)
    if wanted.since_ms is not None:
        query = query.where(Event.at_ms >= wanted.since_ms)
    if wanted.level:
        query = query.where(Event.level == wanted.level)
    for name in ("what", "error_class", "log"):
        if value := getattr(wanted, name):
            # As text, because SQLite and PostgreSQL read JSON each in its own way; no value in it can hold a quote.
            query = query.where(Event.data.contains(f'"{name}": {json.dumps(value)}', autoescape=True))
    return query


def _event(tx: Connection, row: Row[Any]) -> IdeLogRow:
    data = json.loads(row.data or "{}")
    what, status = data.get("what", ""), data.get("status")
    return IdeLogRow(
        id=row.id,
        at_ms=row.at_ms,
        level=row.level,
        log=data.get("log", ""),
        what=what,
        error_class=data.get("error_class", ""),
        status=status,
        operation=data.get("operation", ""),
        model=data.get("model", ""),
        message=row.message,
        figures={name: value for name, value in data.items() if name not in _APART},
        completion_id=_failed_call(tx, row.at_ms, status) if what in _TELLS_OF_A_CALL else None,
    )


def _failed_call(tx: Connection, at_ms: int, status: int | None) -> int | None:
    """The nearest in time, with that status if the line has one."""
    ended_at_ms = Completion.started_at_ms + func.coalesce(Completion.duration_ms, 0)
    query = (
        select(Completion.id)
        .where(
            Completion.started_at_ms.between(at_ms - LONGEST_MS, at_ms + AFTER_MS),
            ended_at_ms.between(at_ms - BEFORE_MS, at_ms + AFTER_MS),
            Completion.source == str(Source.PROXY),
            Completion.outcome.in_(_FAILED),
            text(NOT_OK),  # which those few have an index for
        )
        .order_by(func.abs(ended_at_ms - at_ms), Completion.id)
        .limit(1)
    )
    if status is not None:
        query = query.where(Completion.status == status)
    return tx.scalar(query)
