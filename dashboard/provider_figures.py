"""From what was asked of the store to the rows of the providers' charts and tables."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dashboard.charts.errors_over_time import CLASSES, OTHER
from dashboard.data import EDGES_MS, Latency, LatencyStep, PeriodErrors, ProviderOutcomes
from dashboard.format import decimal, word


def step_name(step: int) -> str:
    """Its bounds in seconds, such as 0.5-1; the last one is open."""
    begin = decimal(EDGES_MS[step] / 1_000)
    return f"{begin}-{decimal(EDGES_MS[step + 1] / 1_000)} s" if step + 1 < len(EDGES_MS) else f"> {begin} s"


def shares(rows: Sequence[LatencyStep]) -> list[dict[str, Any]]:
    """For the distribution's chart: each provider has every step from the first to the last that any has."""
    if not rows:
        return []
    counts = Counter({(row.provider, row.step): row.requests for row in rows})
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row.provider] += row.requests
    steps = range(min(row.step for row in rows), max(row.step for row in rows) + 1)
    return [
        {"provider": provider, "step": step_name(step), "place": step, "requests": counts[provider, step],
         "share": counts[provider, step] / total}
        for provider, total in sorted(totals.items())
        for step in steps
    ]  # fmt: skip


def stacked(rows: Sequence[PeriodErrors], span_ms: int) -> list[dict[str, Any]]:
    """For the errors' chart: in each span of time one bar upon the other, in the order of the classes."""

    def named(row: PeriodErrors) -> str:
        return row.error_class if row.error_class in CLASSES else OTHER

    found, high = [], Counter[int]()
    for row in sorted(rows, key=lambda row: (row.at_ms, CLASSES.index(named(row)))):
        low = high[row.at_ms]
        high[row.at_ms] += row.errors
        found.append({"at": row.at_ms, "until": row.at_ms + span_ms, "error": named(row), "name": word(named(row)),
                      "count": row.errors, "low": low, "high": high[row.at_ms]})  # fmt: skip
    return found


def framed(rows: list[dict[str, Any]], since_ms: int | None, now_ms: int) -> list[dict[str, Any]]:
    """`stacked` with a bar of no height at both ends of the period, so that the chart is as wide as it; all time needs
    none.
    """
    if not rows or since_ms is None:
        return rows
    flat = rows[0] | {"count": 0, "low": 0, "high": 0}
    return [*rows, *(flat | {"at": at_ms, "until": at_ms} for at_ms in (since_ms, now_ms))]


def by_provider(
    outcomes: Sequence[ProviderOutcomes], first: Sequence[Latency], whole: Sequence[Latency]
) -> list[dict[str, Any]]:
    """For the table: times in seconds, None where no answer was complete; errors also as a share in per cent."""
    firsts, wholes = ({row.provider: row for row in rows} for rows in (first, whole))
    return [
        {
            "provider": row.provider,
            "requests": row.requests,
            "errors": row.errors,
            "share": 100 * row.errors / row.requests,
            **_times("first", firsts.get(row.provider)),
            **_times("whole", wholes.get(row.provider)),
        }
        for row in outcomes
    ]


def _times(name: str, row: Latency | None) -> dict[str, float | None]:
    return {
        f"{name}_50": row.p50_ms / 1_000 if row else None,
        f"{name}_95": row.p95_ms / 1_000 if row else None,
    }
