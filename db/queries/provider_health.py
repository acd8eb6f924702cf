"""How fast the providers answer, and how they fail."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, literal, not_, select, text

from addons.domain.completion import Outcome, Source
from db.models import NOT_OK, Completion
from db.queries.tallied import allowed, joined, tallied, total
from db.records import tallies
from db.tables import completions, latency_spans
from db.tally_tables import LATENCY_SPAN_MS, STEPS_MS

FIRST_BYTE, DURATION = "ttfb_ms", "duration_ms"
"""The two times that are measured, by the names of their columns."""
EDGES_MS = (0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
"""Where the steps of a distribution begin; each is twice as wide as the one before, the last has no end."""


EXACT = 5_000
"""Up to so many answers, percentiles are looked up among their times; sorting more than that takes too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFilter:
    """Which completions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Of one provider's complete answers."""

    provider: str
    requests: int
    p50_ms: float
    p95_ms: float
    exact: bool
    """Times that one of them really took; else estimated from steps, each √2 times as long as the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyStep:
    provider: str
    step: int
    """Index into EDGES_MS."""
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Of complete answers: one of their times."""

    latencies: list[Latency]
    """By provider."""
    steps: list[LatencyStep]
    """By provider and step; steps without a request are left out."""


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


def times(tx: Connection, wanted: HealthFilter, time: str) -> Times:
    """How long complete answers took; a time is FIRST_BYTE or DURATION."""
    counts = _counts(tx, wanted, time)
    few = sum(sum(steps.values()) for steps in counts.values()) <= EXACT
    return Times(latencies=_taken(tx, wanted, time) if few else _estimated(counts), steps=_distribution(counts))


def _estimated(counts: Mapping[str, Mapping[int, int]]) -> list[Latency]:
    return [
        Latency(provider=provider, requests=sum(steps.values()), p50_ms=percentile(steps, 50),
                p95_ms=percentile(steps, 95), exact=False)
        for provider, steps in sorted(counts.items())
    ]  # fmt: skip


def percentile(counts: Mapping[int, int], per_cent: int) -> float:
    """Estimated from how many times lie in each of STEPS_MS, as if they were spread evenly in a step.

    :raises ValueError: if there is none.
    """
    left = sum(counts.values()) * per_cent / 100
    for step, count in sorted(counts.items()):
        if left <= count:
            begin = STEPS_MS[step]
            end = STEPS_MS[step + 1] if step + 1 < len(STEPS_MS) else begin  # of the last one only its beginning
            return begin + (end - begin) * left / count
        left -= count
    raise ValueError("there is no time to take a percentile of")


def _distribution(counts: Mapping[str, Mapping[int, int]]) -> list[LatencyStep]:
    found: Counter[tuple[str, int]] = Counter()
    for provider, steps in counts.items():
        for step, count in steps.items():
            found[provider, bisect_right(EDGES_MS, STEPS_MS[step]) - 1] += count
    return [LatencyStep(provider=each[0], step=each[1], requests=found[each]) for each in sorted(found)]


def outcomes(tx: Connection, wanted: HealthFilter) -> list[ProviderOutcomes]:
    row = tallied(("sent", "failed"), wanted.since_ms, _only(wanted))
    sent = total(row.sent).label("requests")
    query = select(row.provider, sent, total(row.failed).label("errors")).group_by(row.provider).having(sent > 0)
    return [ProviderOutcomes(**found) for found in tx.execute(query.order_by(row.provider)).mappings()]


def errors_over_time(tx: Connection, wanted: HealthFilter, span_ms: int) -> list[PeriodErrors]:
    """By span of time and class, the earliest first; spans without an error are left out."""
    at_ms = (Completion.started_at_ms // span_ms * span_ms).label("at_ms")
    keys: Sequence[Any] = (at_ms, Completion.error_class)
    query = select(*keys, func.count().label("errors")).where(Completion.source == str(Source.PROXY), _FAILED)
    query = _since(query, wanted).where(text(NOT_OK))  # which those few have an index for
    return [PeriodErrors(**row) for row in tx.execute(query.group_by(*keys).order_by(*keys)).mappings()]


def _counts(tx: Connection, wanted: HealthFilter, time: str) -> dict[str, dict[int, int]]:
    """How many complete answers took how long: by provider and index into STEPS_MS."""
    span, only = latency_spans.c, _only(wanted)
    spans = select(span.provider, span.step, span.answers).where(span.time == time, *allowed(span, only))
    columns: Sequence[Any] = (Completion.provider, tallies.step(time).label("step"), literal(1).label("answers"))
    calls = _since(select(*columns), wanted)
    row = joined(spans, span.begins_at_ms, calls.where(tallies.timed(time)), wanted.since_ms, LATENCY_SPAN_MS)
    counted = select(row.provider, row.step, total(row.answers)).group_by(row.provider, row.step)
    found: dict[str, dict[int, int]] = {}
    for provider, step, count in tx.execute(counted):
        found.setdefault(provider, {})[step] = count
    return found


def _taken(tx: Connection, wanted: HealthFilter, time: str) -> list[Latency]:
    """From the times themselves."""
    columns: Sequence[Any] = (Completion.provider, tallies.TIMES[time])
    query = _since(select(*columns).where(tallies.timed(time), not_(tallies.IS_DELETED)), wanted)
    found: dict[str, list[float]] = {}
    for provider, taken in tx.execute(query):
        found.setdefault(provider, []).append(taken)

    def at(times: list[float], per_cent: int) -> float:
        return times[(len(times) * per_cent + 99) // 100 - 1]

    return [
        Latency(provider=provider, requests=len(times), p50_ms=at(times, 50), p95_ms=at(times, 95), exact=True)
        for provider, times in ((name, sorted(found[name])) for name in sorted(found))
    ]


def _only(wanted: HealthFilter) -> dict[str, list[str]]:
    return {"provider": [wanted.provider], "kind": [wanted.kind]}


def _since(query: Select[Any], wanted: HealthFilter) -> Select[Any]:
    query = query.where(*allowed(completions.c, _only(wanted)))
    return query if wanted.since_ms is None else query.where(Completion.started_at_ms >= wanted.since_ms)
