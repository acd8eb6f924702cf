"""Figures of the usage page, worked out from its rows: same rows, same figures. No Streamlit, no clock."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from dashboard.data import GroupCached, GroupUsed, PeriodUsed, Used
from dashboard.format import usd, utc
from dashboard.i18n import _

_NAMES = tuple(field.name for field in fields(Used))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a ranking."""

    name: str
    provider: str
    """ "" where the name stands for several."""
    used: Used
    cached_share: float | None


def total(rows: Iterable[Used]) -> Used:
    found = list(rows)
    return Used(**{name: sum(getattr(row, name) for row in found) for name in _NAMES})


def cached_share(rows: Iterable[GroupCached]) -> float | None:
    """Of the requests whose answer says how many tokens were cached; None where none does."""
    found = list(rows)
    reported = sum(row.reported_tokens for row in found)
    return sum(row.cached_tokens for row in found) / reported if reported else None


def models(used: Sequence[GroupUsed], cached: Sequence[GroupCached]) -> list[Line]:
    """By cost, then by tokens."""
    return _ranked(used, cached, lambda row: (row.model, row.provider))


def projects(used: Sequence[GroupUsed], cached: Sequence[GroupCached]) -> list[Line]:
    """By cost, then by tokens; the name is "" for what belongs to no known project."""
    return _ranked(used, cached, lambda row: (row.project, ""))


def _ranked(
    used: Sequence[GroupUsed],
    cached: Sequence[GroupCached],
    key: Callable[[GroupUsed | GroupCached], tuple[str, str]],
) -> list[Line]:
    rows: dict[tuple[str, str], list[GroupUsed]] = {}
    shares: dict[tuple[str, str], list[GroupCached]] = {}
    for row in used:
        rows.setdefault(key(row), []).append(row)
    for share in cached:
        shares.setdefault(key(share), []).append(share)
    lines = [
        Line(name=name, provider=provider, used=total(found),
             cached_share=cached_share(shares.get((name, provider), ())))
        for (name, provider), found in rows.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.used.cost_usd, -line.used.tokens, line.name))


def spans(rows: Sequence[PeriodUsed], span_ms: int) -> list[dict[str, Any]]:
    """Rows of the charts over time, each provider's bars on those before it; `usd` is None where no price is known.

    Every provider has a row for money too, so that it has the same colour in both charts.
    """
    found: list[dict[str, Any]] = []
    tops: dict[int, tuple[float, int]] = {}
    for row in rows:
        usd_low, tokens_low = tops.get(row.at_ms, (0.0, 0))
        tops[row.at_ms] = usd_high, tokens_high = usd_low + row.cost_usd, tokens_low + row.tokens
        found.append({
            "at": utc(row.at_ms), "until": utc(row.at_ms + span_ms), "provider": row.provider,
            "usd": row.known_usd, "usd_low": usd_low, "usd_high": usd_high,
            "tokens_low": tokens_low, "tokens_high": tokens_high,
            "prompt": row.prompt_tokens, "completion": row.completion_tokens,
            "requests": row.requests, "unpriced": row.unpriced,
        })  # fmt: skip
    return found


def framed(rows: list[dict[str, Any]], since_ms: int | None, now_ms: int, span_ms: int) -> list[dict[str, Any]]:
    """With a bar of no height at both ends of the period, so that a chart is as wide as it; all time needs none."""
    if not rows or since_ms is None:
        return rows
    flat = {name: 0 if name not in ("at", "until", "provider") else value for name, value in rows[0].items()}
    ends = ((since_ms, since_ms), (now_ms, now_ms + span_ms))
    return [*rows, *(flat | {"at": utc(begin), "until": utc(end)} for begin, end in ends)]


def compared(found: Used) -> list[dict[str, Any]]:
    """Rows of the comparison: what was paid, and what would have been without us and without a cache."""
    if found.known_usd is None or not found.cost_usd:
        return []
    bars = (
        ("sent", _("As it was"), found.cost_usd),
        ("before", _("Without us"), found.cost_unmodified_usd),
        ("fresh", _("Without cache"), found.cost_uncached_usd),
    )
    return [
        {"series": name, "words": words, "label": f"{words}  {usd(cost)}", "place": place,
         "usd": cost, "difference": cost - found.cost_usd, "more": cost / found.cost_usd - 1}
        for place, (name, words, cost) in enumerate(bars)
    ]  # fmt: skip


def begins(now: datetime) -> tuple[datetime, datetime]:
    """Where the day and the month began, in the time zone of `now`."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return day, day.replace(day=1)
