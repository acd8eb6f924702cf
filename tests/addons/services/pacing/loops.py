"""A loop whose time is ours: sleeping takes no time, and the clock shows what was slept."""

import asyncio
import selectors
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")
START_S = 1_790_000_000.0


class _Selector(selectors.DefaultSelector):
    """Never waits: what the loop would have waited for is put on its clock."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_s = 0.0

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found and timeout:
            self.passed_s += timeout
        return found


class Loop(asyncio.SelectorEventLoop):
    """One in which only waiting takes time."""

    def __init__(self) -> None:
        self.own_selector = _Selector()
        super().__init__(self.own_selector)

    def time(self) -> float:
        return self.own_selector.passed_s

    def clock_s(self) -> float:
        return START_S + self.time()

    def play(self, work: Awaitable[T]) -> T:
        return self.run_until_complete(asyncio.ensure_future(work, loop=self))
