"""Figures of one request, worked out from its row: same row, same figures. No Streamlit, no clock."""

from typing import Any

from dashboard.charts.series import SERIES
from dashboard.data import TurnRow, Use
from dashboard.figures import billed, composition
from dashboard.i18n import N_, _

_SOURCES = {"reported": N_("reported"), "logged": N_("logged"), "estimated": N_("estimated, with answer")}


def times(row: TurnRow) -> list[dict[str, Any]]:
    """Rows of the timing bar: our overhead, the rate limit's wait, the provider until its first byte, the stream.

    `ttfb_ms` counts from the request's arrival, so what we took before forwarding is part of it. Empty where no answer
    came.
    """
    if row.ttfb_ms is None or row.duration_ms is None:
        return []
    overhead, wait = row.overhead_ms or 0.0, row.rate_wait_ms or 0.0
    parts = {"overhead": overhead, "wait": wait, "first": max(0.0, row.ttfb_ms - overhead - wait),
             "stream": max(0.0, row.duration_ms - row.ttfb_ms)}  # fmt: skip
    bars, start = [], 0.0
    for name, ms in parts.items():
        end = start + ms / 1_000
        bars.append({"part": name, "name": _(SERIES[name]), "start": start, "end": end, "took": ms / 1_000})
        start = end
    return bars


def parts(row: TurnRow) -> list[dict[str, Any]]:
    """What the prompt was made of, as a table; memory is a part of its own where the context window is known."""
    counts = {bar["part"]: bar["tokens"] for bar in composition(row)} or dict(row.composition)
    total = sum(counts.values())
    return [
        {"part": _(SERIES.get(name, name)), "tokens": count, "share": 100 * count / total}
        for name, count in counts.items()
        if count
    ]


def usages(row: TurnRow) -> list[dict[str, Any]]:
    """The usage by who counted it, and how far each prompt is from the reported one (per cent); None: not known."""
    counted: list[dict[str, Any]] = [
        {"who": _("estimated, received"), "prompt": row.prompt_tokens_before},
        {"who": _("estimated, sent"), "prompt": row.prompt_tokens_sent, "off": _off(row, row.prompt_tokens_sent)},
    ]
    if row.prompt_tokens_calibrated is not None:
        counted.append({"who": _("estimated, calibrated"), "prompt": row.prompt_tokens_calibrated,
                        "off": _off(row, row.prompt_tokens_calibrated)})  # fmt: skip
    if row.logged_prompt_tokens is not None or row.logged_completion_tokens is not None:
        is_whole = not (row.masked_tokens_saved or row.compressed_tokens_saved)  # else the IDE counted another prompt
        counted.append({"who": _("logged, without tools"), "prompt": row.logged_prompt_tokens,
                        "off": _off(row, row.logged_prompt_tokens) if is_whole else None,
                        "answer": row.logged_completion_tokens})  # fmt: skip
    if row.usage_source:
        fresh = billed(row)["fresh"] if row.prompt_tokens is not None else None
        counted.append({
            "who": _(_SOURCES.get(row.usage_source, row.usage_source)), "prompt": row.prompt_tokens,
            "cached": row.cached_tokens, "fresh": fresh, "answer": row.completion_tokens,
            "reasoning": row.reasoning_tokens,
        })  # fmt: skip
    return [dict.fromkeys(("off", "cached", "fresh", "answer", "reasoning")) | one for one in counted]


def _off(row: TurnRow, counted: int | None) -> float | None:
    """Per cent; None where nothing was reported to compare with."""
    if row.usage_source != "reported" or not row.prompt_tokens or counted is None:
        return None
    return 100 * (counted / row.prompt_tokens - 1)


def by_saving(found: list[tuple[Use, str, str, str]]) -> list[tuple[Use, str, str, str]]:
    """The largest saving first, and among equals in their order."""
    return sorted(found, key=lambda one: one[0].tokens_after - one[0].tokens_before)
