"""The clock of all that waits for a limit: the wall clock, but never backwards."""

import time
from collections.abc import Callable


class SteadyClock:
    """Seconds since 1970-01-01 UTC, as providers name resets; set back, it goes on from where it was.

    A window that was taken from "in an hour" would stay full for an hour, and every request wait for it. The
    monotonic clock will not do: it stands still while a laptop sleeps, and limits do not.
    """

    def __init__(self, clock_s: Callable[[], float] = time.time) -> None:
        self._clock_s = clock_s
        self._ahead_s = 0.0
        self._latest_s = 0.0

    def __call__(self) -> float:
        now_s = self._clock_s() + self._ahead_s
        if now_s < self._latest_s:
            self._ahead_s += self._latest_s - now_s
            now_s = self._latest_s
        self._latest_s = now_s
        return now_s


steady_s = SteadyClock()
"""One for the process, so that all agree."""
