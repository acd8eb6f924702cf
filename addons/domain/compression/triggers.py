"""When a session is compressed by itself."""

from dataclasses import dataclass

from addons.domain.compression.plan import HEADROOM
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


@dataclass(frozen=True, slots=True)
class Load:
    """A request as it would be forwarded."""

    tokens: int
    window: int | None
    max_output: int | None = None
    """What the client asks for."""
    is_cold: bool = False
    """Nothing of its prefix is cached: a change costs nothing."""


def due(load: Load, settings: Compression, pace: Pace, now_ms: int) -> Trigger | None:
    """Why a request is to be compressed; None if it is not.

    The pause between two compressions is kept only as long as there is room for an answer: without it the request
    would fail.
    """
    if not settings.enabled or load.window is None or pace.without_effect >= settings.most_without_effect:
        return None
    if load.tokens > limit(load.window, load.max_output, settings):
        return Trigger.NO_ROOM
    if pace.last_at_ms is not None and now_ms - pace.last_at_ms < settings.pause_s * 1000:
        return None
    if load.tokens >= load.window * settings.threshold:
        return Trigger.PRESSURE
    return Trigger.COLD if load.is_cold and load.tokens >= goal(load, settings) else None


def limit(window: int, max_output: int | None, settings: Compression) -> int:
    """Prompt tokens beyond which too little is left for the answer: providers count what a request asks for, too."""
    usual = min(settings.reserved_tokens, round(window * RESERVED_SHARE))
    return window - min(max(usual, max_output or 0), round(window * MOST_RESERVED_SHARE))


def goal(load: Load, settings: Compression) -> float:
    """Prompt tokens that a compression should leave at most, so that the next one is not due at once."""
    if load.window is None:
        return float("inf")
    most = min(load.window * settings.threshold, limit(load.window, load.max_output, settings))
    return most - load.window * HEADROOM
