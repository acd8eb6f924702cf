"""Figures the session page works out from its rows: same rows, same figures. No Streamlit, no clock."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any

from addons.domain.kinds import FILLS_CONTEXT
from dashboard.charts.series import PARTS, SERIES
from dashboard.data import LiveRow
from dashboard.i18n import _

PACE_REQUESTS = 24
"""The pace is that of the latest requests, a few turns: how one works now, not this morning."""
SHRUNK = 0.75
"""A prompt below this share of the one before was compressed or pruned. What masking takes out is less, and comes so
often that it belongs to the pace."""


def in_context(rows: Sequence[LiveRow]) -> list[LiveRow]:
    """The rows that count for context fill, and whose fill is known."""
    return [row for row in rows if row.kind in FILLS_CONTEXT and row.context_fill is not None]


def latest_in_context(rows: Sequence[LiveRow]) -> LiveRow | None:
    known = in_context(rows)
    return known[-1] if known else None


def prompt(row: LiveRow) -> int | None:
    """Prompt tokens as reported or logged, else as estimated."""
    return row.prompt_tokens if row.prompt_tokens is not None else row.prompt_tokens_sent


def cache_share(rows: Sequence[LiveRow]) -> tuple[float | None, int]:
    """Cached over prompt tokens, and over how many rows: those whose provider reported both."""
    known = [
        (row.cached_tokens, row.prompt_tokens) for row in rows if row.cached_tokens is not None and row.prompt_tokens
    ]
    total = sum(sent for _cached, sent in known)
    return (sum(cached for cached, _sent in known) / total if total else None), len(known)


def requests_until_full(rows: Sequence[LiveRow]) -> float | None:
    """At the mean growth of up to PACE_REQUESTS since the last shrinking; None where it does not grow or is unknown."""
    fills = [row.context_fill or 0.0 for row in in_context(rows)][-PACE_REQUESTS - 1 :]
    growth: list[float] = []
    for before, after in pairwise(fills):
        growth = [*growth, after - before] if after >= before * SHRUNK else []
    if len(growth) < 2 or (pace := fmean(growth)) <= 0:
        return None
    return max(0.0, (1.0 - fills[-1]) / pace)


def turns_until_full(rows: Sequence[LiveRow], requests: float) -> float | None:
    """The same in turns, at the number of requests a turn has taken so far; None where turns are not known."""
    known = [row.turn for row in in_context(rows) if row.turn is not None]
    return requests * len(set(known)) / len(known) if known else None


def composition(row: LiveRow) -> list[dict[str, Any]]:
    """Rows of the context bar: how the latest prompt divides, scaled to its fill. Empty where either is not known.

    The parts are estimates and the fill may be reported, so shares of the estimate are spread over the fill. Memory
    lies in the history and in this turn: where it is not a part of its own, it is taken out of the history first.
    """
    parts = {name: row.composition.get(name, 0) for name in PARTS}
    parts["history"] += row.composition.get("prompt", 0)
    if "memory" not in row.composition:
        for holder in ("history", "new"):
            moved = min((row.memory_tokens or 0) - parts["memory"], parts[holder])
            parts[holder] -= moved
            parts["memory"] += moved
    total = sum(parts.values())
    if not total or row.context_fill is None:
        return []
    bars, start = [], 0.0
    for name, count in parts.items():
        share = count / total * row.context_fill
        bars.append({"part": name, "name": _(SERIES[name]), "start": start, "end": start + share, "tokens": count,
                     "share": share})  # fmt: skip
        start += share
    return bars


def billed(row: LiveRow) -> dict[str, int | None]:
    """Tokens by what they are billed as; None where not known."""
    sent, cached = prompt(row), row.cached_tokens
    fresh = None if sent is None else sent - (cached or 0)
    answer, reasoning = row.completion_tokens, row.reasoning_tokens
    output = None if answer is None else answer - (reasoning or 0)
    return {"cached": cached, "fresh": fresh, "output": output, "reasoning": reasoning}


def fills(rows: Sequence[LiveRow]) -> list[dict[str, Any]]:
    """Shares of the context window, for the chart over time: of the rows in the context, oldest first."""
    known = in_context(rows)
    found = []
    for before, row in zip([None, *known], known, strict=False):
        compressed = before is not None and is_compression(before, row)
        memory = (row.memory_tokens or 0) / row.context_window if row.context_window else None
        found.append({
            "fill": row.context_fill,
            "memory": None if row.memory_tokens is None else memory,
            "changed": row.epoch and not compressed,
            "compressed": compressed,
            "fill_before": before.context_fill if before and compressed else None,
        })  # fmt: skip
    return found


def is_compression(before: LiveRow, row: LiveRow) -> bool:
    """Whether a summary took the place of more messages than in the request before.

    The saving rises then, and the fill falls. A model's summary in the place of ours only changes the saving a little.
    """
    was, now = before.compressed_tokens_saved or 0, row.compressed_tokens_saved or 0
    return now > was and (row.epoch or not was) and (row.context_fill or 0) < (before.context_fill or 0)
