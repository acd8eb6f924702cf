"""Figures of the memory page, worked out from its rows: same rows, same figures. No Streamlit, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.memory_sources import PARTS
from dashboard.data import MemoryPeriod, MemoryPoint, MemorySource
from dashboard.format import utc
from dashboard.i18n import _

DRAWN = 8
"""Servers and types that the chart has room for; the table has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A request, or all requests of a span of time."""

    at_ms: int
    requests: int
    memory_tokens: int
    prompt_tokens: int

    @property
    def ratio(self) -> float | None:
        return self.memory_tokens / self.prompt_tokens if self.prompt_tokens else None


def of_periods(rows: Sequence[MemoryPeriod]) -> list[Moment]:
    return [Moment(at_ms=row.at_ms, requests=row.requests, memory_tokens=row.memory_tokens,
                   prompt_tokens=row.prompt_tokens) for row in rows]  # fmt: skip


def of_points(rows: Sequence[MemoryPoint], since_ms: int | None) -> list[Moment]:
    """The requests of one session since then."""
    return [
        Moment(at_ms=row.started_at_ms, requests=1, memory_tokens=row.memory_tokens,
               prompt_tokens=row.memory_tokens + row.chat_tokens)
        for row in rows
        if since_ms is None or row.started_at_ms >= since_ms
    ]  # fmt: skip


def ratio(moments: Sequence[Moment]) -> float | None:
    """Of all prompts together, so that a long prompt counts for more than a short one."""
    prompt = sum(moment.prompt_tokens for moment in moments)
    return sum(moment.memory_tokens for moment in moments) / prompt if prompt else None


def ratios(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """Rows of the chart over time, and of its table."""
    return [
        {"at": utc(moment.at_ms), "ratio": moment.ratio, "memory": moment.memory_tokens,
         "prompt": moment.prompt_tokens, "requests": moment.requests}
        for moment in moments
    ]  # fmt: skip


def source_name(row: MemorySource) -> str:
    return f"{row.server or _('server not named')} · {row.type}"


def sources(rows: Sequence[MemorySource]) -> list[dict[str, Any]]:
    """Rows of the chart by server and type: what was new, and behind it what was sent again."""
    bars = []
    for place, row in enumerate(rows[:DRAWN]):
        for part, start, end in (("memory", 0, row.tokens), ("fresh", row.tokens, row.sent_tokens)):
            bars.append({"part": part, "name": _(PARTS[part]), "source": source_name(row), "place": place,
                         "start": start, "end": end, "tokens": end - start, "segments": row.segments})  # fmt: skip
    return bars
