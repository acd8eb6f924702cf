"""When a session is compressed by itself."""

from dataclasses import dataclass

from addons.domain.compression.summary import Trigger
from addons.domain.settings import Compression

MOST_RESERVED_SHARE = 0.5
"""Of the window: a client that asks for more output than that is not given all the room for it."""
RESERVED_SHARE = 0.25
"""Of the window, where `reserved_tokens` would be more: a small model could not be talked to otherwise."""
EFFECT_SHARE = 0.1
"""Of the request's tokens: a compression that saves less has had next to no effect."""


@dataclass(slots=True)
class Pace:
    """What a session's latest compressions were like."""

    last_at_ms: int | None = None
    without_effect: int = 0
    """In a row."""

    def note(self, at_ms: int, before: int, after: int) -> None:
        self.last_at_ms = at_ms
        self.without_effect = 0 if before - after >= before * EFFECT_SHARE else self.without_effect + 1


def due(
    tokens: int, window: int | None, max_output: int | None, settings: Compression, pace: Pace, now_ms: int
) -> Trigger | None:
    """Why a request of so many tokens is to be compressed; None if it is not.

    The pause between two compressions is kept only as long as there is room for an answer: without it the request
    would fail.
    """
    if not settings.enabled or window is None or pace.without_effect >= settings.most_without_effect:
        return None
    if tokens + reserved(window, max_output, settings) > window:
        return Trigger.NO_ROOM
    paused = pace.last_at_ms is not None and now_ms - pace.last_at_ms < settings.pause_s * 1000
    return Trigger.PRESSURE if tokens >= window * settings.threshold and not paused else None


def reserved(window: int, max_output: int | None, settings: Compression) -> int:
    """Tokens of the window that the answer needs: providers count what a request may ask for against it."""
    usual = min(settings.reserved_tokens, round(window * RESERVED_SHARE))
    return min(max(usual, max_output or 0), round(window * MOST_RESERVED_SHARE))
