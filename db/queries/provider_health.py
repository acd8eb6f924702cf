"""How fast the providers answer, and how they fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from addons.domain.completion import Outcome, Source
from db.models import Completion

FIRST_BYTE, DURATION = "ttfb_ms", "duration_ms"
"""The two times that are measured, by the names of their columns."""
EDGES_MS = (0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
"""Where the steps of a distribution begin; each is twice as wide as the one before, the last has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFilter:
    """Which completions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Of one provider's complete answers; each of the two is the time that was really taken by one of them."""

    provider: str
    requests: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyStep:
    provider: str
    step: int
    """Index into EDGES_MS."""
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOutcomes:
    provider: str
    requests: int
    """That went to the provider, however they ended."""
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodErrors:
    at_ms: int
    """Where the time span begins; spans are counted from 1970-01-01 UTC."""
    error_class: str
    """A value of `ErrorClass`; empty where it was not told."""
    errors: int


_FAILED = Completion.outcome.in_((Outcome.ERROR, Outcome.UPSTREAM_ABORT))


def latencies(tx: Connection, wanted: HealthFilter, time: str) -> list[Latency]:
    """By provider; a time is FIRST_BYTE or DURATION."""
    taken = _timed(time)
    ranked = _answered(
        select(
            Completion.provider,
            taken.label("taken"),
            func.row_number().over(partition_by=Completion.provider, order_by=taken).label("place"),
            func.count().over(partition_by=Completion.provider).label("requests"),
        ),
        wanted,
        taken,
    ).subquery()
    row = ranked.c

    def at(per_cent: int) -> Any:
        return func.max(case((row.place == (row.requests * per_cent + 99) // 100, row.taken)))

    query = select(row.provider, row.requests, at(50).label("p50_ms"), at(95).label("p95_ms"))
    found = tx.execute(query.group_by(row.provider, row.requests).order_by(row.provider)).mappings()
    return [Latency(**each) for each in found]


def distribution(tx: Connection, wanted: HealthFilter, time: str) -> list[LatencyStep]:
    """By provider and step; steps without a request are left out."""
    taken = _timed(time)
    step = case(*((taken < end, place) for place, end in enumerate(EDGES_MS[1:])), else_=len(EDGES_MS) - 1)
    counted = _answered(select(Completion.provider, step.label("step")), wanted, taken).subquery()
    keys = (counted.c.provider, counted.c.step)
    query = select(*keys, func.count().label("requests")).group_by(*keys).order_by(*keys)
    return [LatencyStep(**row) for row in tx.execute(query).mappings()]


def outcomes(tx: Connection, wanted: HealthFilter) -> list[ProviderOutcomes]:
    failed = func.sum(case((_FAILED, 1), else_=0)).label("errors")
    columns: Sequence[Any] = (Completion.provider, func.count().label("requests"), failed)
    query = _sent(select(*columns), wanted)
    rows = tx.execute(query.group_by(Completion.provider).order_by(Completion.provider)).mappings()
    return [ProviderOutcomes(**row) for row in rows]


def errors_over_time(tx: Connection, wanted: HealthFilter, span_ms: int) -> list[PeriodErrors]:
    """By span of time and class, the earliest first; spans without an error are left out."""
    at_ms = (Completion.started_at_ms // span_ms * span_ms).label("at_ms")
    keys: Sequence[Any] = (at_ms, Completion.error_class)
    query = _sent(select(*keys, func.count().label("errors")), wanted).where(_FAILED)
    return [PeriodErrors(**row) for row in tx.execute(query.group_by(*keys).order_by(*keys)).mappings()]


def _timed(time: str) -> InstrumentedAttribute[float | None]:
    return {FIRST_BYTE: Completion.ttfb_ms, DURATION: Completion.duration_ms}[time]


def _answered(query: Select[Any], wanted: HealthFilter, taken: InstrumentedAttribute[float | None]) -> Select[Any]:
    return _sent(query, wanted).where(and_(Completion.outcome == Outcome.OK, taken.is_not(None)))


def _sent(query: Select[Any], wanted: HealthFilter) -> Select[Any]:
    query = query.where(Completion.source == Source.PROXY, Completion.outcome != Outcome.BLOCKED)
    if wanted.since_ms is not None:
        query = query.where(Completion.started_at_ms >= wanted.since_ms)
    if wanted.provider:
        query = query.where(Completion.provider == wanted.provider)
    if wanted.kind:
        query = query.where(Completion.kind == wanted.kind)
    return query
