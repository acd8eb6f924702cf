"""Figures of the savings page, worked out from its rows: same rows, same figures. No Streamlit, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from dashboard.charts.series import SERIES
from dashboard.data import PeriodSavings, ProviderSavings, Savings
from dashboard.format import tokens, utc
from dashboard.i18n import _

_NAMES = tuple(field.name for field in fields(Savings))


def total(rows: Iterable[Savings]) -> Savings:
    """The sum of all providers."""
    found = list(rows)
    return Savings(**{name: sum(getattr(row, name) for row in found) for name in _NAMES})


def by_provider(periods: Iterable[PeriodSavings]) -> list[ProviderSavings]:
    """The sums over all periods; the provider with most requests first."""
    found: dict[str, list[PeriodSavings]] = {}
    for period in periods:
        found.setdefault(period.provider, []).append(period)
    rows = [ProviderSavings(provider=name, **asdict(total(its))) for name, its in found.items()]
    return sorted(rows, key=lambda row: (-row.requests, row.provider))


def steps(sums: Savings) -> list[dict[str, Any]]:
    """Rows of the waterfall; without a step that nothing was taken in. Empty where nothing was counted."""
    before, left = sums.before_tokens, sums.before_tokens
    bars = [("before", 0, before, before)]
    for name, taken in (("masked", sums.masked_tokens), ("compressed", sums.compressed_tokens)):
        if taken or name == "masked":
            bars.append((name, left - taken, left, -taken))
            left -= taken
    bars.append(("sent", 0, sums.sent_tokens, sums.sent_tokens))
    return [
        {"step": name, "name": _(SERIES[name]), "label": f"{_(SERIES[name])}  {tokens(count)}", "place": place,
         "start": start, "end": end, "tokens": count, "share": count / before}
        for place, (name, start, end, count) in enumerate(bars)
    ] if before else []  # fmt: skip


def shares(rows: Sequence[PeriodSavings]) -> list[dict[str, Any]]:
    """Rows of the chart of cache hits; without the spans in which nobody said how much was cached."""
    return [
        {"at": utc(row.at_ms), "provider": row.provider, "share": row.cache_share, "cached": row.cached_tokens,
         "prompt": row.reported_tokens}
        for row in rows
        if row.reported_tokens
    ]  # fmt: skip


def nets(rows: Sequence[PeriodSavings], span_ms: int) -> list[dict[str, Any]]:
    """Rows of the chart of money, all providers together; without the spans in which nothing is priced."""
    spans: dict[int, list[PeriodSavings]] = {}
    for row in rows:
        spans.setdefault(row.at_ms, []).append(row)
    sums = {at_ms: total(found) for at_ms, found in spans.items()}
    return [
        {"at": utc(at_ms), "until": utc(at_ms + span_ms), "usd": found.net_usd,
         "tokens": found.before_tokens - found.sent_tokens}
        for at_ms, found in sums.items()
        if found.priced
    ]  # fmt: skip
