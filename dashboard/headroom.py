"""How much of a provider's limit is left now, and whether that is little."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dashboard.data import LimitRow, ProxySign

LOW, VERY_LOW = 0.25, 0.10
"""Shares of a limit below which what is left is shown in orange, and in red."""


@dataclass(frozen=True, slots=True)
class Headroom:
    row: LimitRow
    remaining: int | None
    share: float | None
    """0..1 of the limit; None where limit or rest is not known."""

    @property
    def level(self) -> str:
        """A key of the chart's colours."""
        if self.share is None or self.share >= LOW:
            return "enough"
        return "low" if self.share >= VERY_LOW else "very low"


def headroom(row: LimitRow, now_ms: int) -> Headroom:
    """After its reset a limit is whole again, although nobody has said so since."""
    is_reset = row.reset_at_ms is not None and row.reset_at_ms <= now_ms
    remaining = row.limit if is_reset and row.limit is not None else row.remaining
    if not row.limit or remaining is None:
        return Headroom(row, remaining, None)
    return Headroom(row, remaining, min(1.0, max(0.0, remaining / row.limit)))


def waiting(signs: Iterable[ProxySign]) -> list[dict[str, Any]]:
    """Requests that wait for a limit: provider, model, session_id, since_ms, until_ms; who waits longest is first."""
    found = [request for sign in signs for request in json.loads(sign.waiting or "[]")]
    return sorted(found, key=lambda request: request.get("since_ms") or 0)
