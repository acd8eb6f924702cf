"""The sums of `TallyHour` and `LatencySpan`, reckoned by the database from rows of completions.

What is hidden or moved takes its rows out of the sums again (`rolling.shift`), and what no whole hour covers is summed
from the rows by the same amounts (`db.queries.tallied`). What is recorded adds itself (`tallying`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from addons.domain.completion import Outcome, Source
from db import upsert
from db.records.amounts import FAILED, UNANSWERED
from db.records.hours import HOUR_MS
from db.tables import completions, latency_spans, sessions, tally_hour
from db.tally_tables import LATENCY_SPAN_MS, STEPS_MS

_call = completions.c
TIMES = {name: _call[name] for name in ("ttfb_ms", "duration_ms")}
"""What is measured, by the names of the columns."""

ANSWERED = and_(_call.status.between(200, 299), *(_call.outcome != outcome for outcome in sorted(map(str, UNANSWERED))))
_FAILED = or_(*(_call.outcome == outcome for outcome in sorted(map(str, FAILED))))
_CALLED = _call.source == str(Source.PROXY)
SENT = and_(_CALLED, _call.outcome != str(Outcome.BLOCKED))
_REMEMBERING = and_(_call.memory_tokens.is_not(None), _call.prompt_tokens_sent.is_not(None))


def _where(condition: ColumnElement[bool], amount: Any = 1) -> ColumnElement[Any]:
    return case((condition, amount), else_=0)


def _of_answered(answered: ColumnElement[bool]) -> dict[str, ColumnElement[Any]]:
    counted = and_(answered, _call.prompt_tokens_before.is_not(None), _call.prompt_tokens_sent.is_not(None))
    reported = and_(answered, _call.cached_tokens.is_not(None), _call.prompt_tokens > 0)
    priced = and_(answered, _call.cost_usd.is_not(None), _call.cost_unmodified_usd.is_not(None))
    return {
        "answered": _where(answered),
        "before_tokens": _where(counted, _call.prompt_tokens_before),
        "sent_tokens": _where(counted, _call.prompt_tokens_sent),
        "masked_tokens": _where(counted, _call.masked_tokens_saved),
        "compressed_tokens": _where(counted, _call.compressed_tokens_saved),
        "compressed": _where(and_(counted, _call.compressed_tokens_saved > 0)),
        "reported": _where(reported),
        "reported_tokens": _where(reported, _call.prompt_tokens),
        "cached_tokens": _where(reported, _call.cached_tokens),
        "priced": _where(priced),
        "cost_usd": _where(priced, _call.cost_usd),
        "cost_unmodified_usd": _where(priced, _call.cost_unmodified_usd),
    }


OF_ANSWERED = _of_answered(true())
"""What an answered completion adds: where the others are left out, that is not asked again for each amount."""
AMOUNTS: dict[str, ColumnElement[Any]] = {
    "calls": _where(_CALLED),
    "sent": _where(SENT),
    "failed": _where(and_(SENT, _FAILED)),
    **_of_answered(ANSWERED),
    "remembering": _where(_REMEMBERING),
    "memory_tokens": _where(_REMEMBERING, _call.memory_tokens),
    "memory_prompt_tokens": _where(_REMEMBERING, _call.prompt_tokens_sent),
}
"""What one completion adds, by the names of TallyHour's columns."""


def timed(time: str) -> ColumnElement[bool]:
    """Which completions count in `LatencySpan`: complete answers whose time was measured."""
    return and_(SENT, _call.outcome == str(Outcome.OK), TIMES[time].is_not(None))


def step(time: str) -> ColumnElement[int]:
    ends = ((TIMES[time] < end, place) for place, end in enumerate(STEPS_MS[1:]))
    return case(*ends, else_=len(STEPS_MS) - 1)


def shift(tx: Connection, which: ColumnElement[bool], sign: Literal[1, -1]) -> None:
    """Adds these completions to the sums of their time, or takes them out; a row in which nothing is left goes."""
    for table, query in _added(which, sign):
        tx.execute(_into(upsert.insert(tx, table), table, query))
    if sign < 0:
        left = [tally_hour.c[name] for name in ("calls", "answered", "remembering")]
        tx.execute(delete(tally_hour).where(*(count <= 0 for count in left)))
        tx.execute(delete(latency_spans).where(latency_spans.c.answers <= 0))


IS_DELETED = exists().where(sessions.c.id == _call.session_id, sessions.c.deleted_at_ms.is_not(None))


def _added(which: ColumnElement[bool], sign: int) -> Iterator[tuple[Table, Select[Any]]]:
    """For each table its rows, in the order of its columns."""
    hour_ms = (_call.started_at_ms // HOUR_MS * HOUR_MS).label("hour_ms")
    keys = [hour_ms, _call.provider, _call.model, _call.project, _call.kind]
    yield tally_hour, _summed(keys, AMOUNTS, which, sign)
    begins_at_ms = (_call.started_at_ms // LATENCY_SPAN_MS * LATENCY_SPAN_MS).label("begins_at_ms")
    for time in TIMES:
        keys = [literal(time).label("time"), begins_at_ms, _call.provider, _call.kind, step(time).label("step")]
        yield latency_spans, _summed(keys, {"answers": literal(1)}, and_(which, timed(time)), sign)


def _summed(
    keys: Sequence[ColumnElement[Any]], amounts: Mapping[str, ColumnElement[Any]], which: ColumnElement[bool], sign: int
) -> Select[Any]:
    """By key, and in its order: two writers never wait for each other's rows.

    In two steps, because PostgreSQL does not see that two expressions with parameters are the same.
    """
    row = select(*keys, *(amount.label(name) for name, amount in amounts.items())).where(which).subquery().c
    own = [row[key.name] for key in keys]
    return select(*own, *(sign * func.sum(row[name]) for name in amounts)).group_by(*own).order_by(*own)


def _into(statement: upsert.Insert, table: Table, rows: Select[Any]) -> upsert.Insert:
    keys = list(table.primary_key.columns)
    sums = [column.name for column in table.columns if not column.primary_key]
    statement = statement.from_select([column.name for column in table.columns], rows, include_defaults=False)
    return statement.on_conflict_do_update(index_elements=keys, set_=upsert.added(statement, table, sums))
