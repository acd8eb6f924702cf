"""The windows in memory, with a clock of our own."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from limits.aio.strategies import MovingWindowRateLimiter

from addons.services.pacing.counters import Portions
from addons.services.pacing.memory import MOST_KEYS, MovingWindows, Slots

PERIOD_S = 60


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now_s


steps = st.lists(
    st.tuples(st.floats(0, 50, allow_nan=False), st.integers(1, 12), st.integers(5, 15)), min_size=1, max_size=80
)
"""Seconds that pass, units that are asked for, and the limit at that time."""


@given(steps)
def test_no_window_of_a_minute_ever_holds_more_than_the_limit_of_its_time(steps: list[tuple[float, int, int]]) -> None:
    clock = Clock()
    limiter = MovingWindowRateLimiter(MovingWindows(clock))
    taken: list[tuple[float, int]] = []

    async def play() -> None:
        for pause_s, amount, limit in steps:
            clock.now_s += pause_s
            now_s = clock.now_s
            within = sum(part for at_s, part in taken if at_s >= now_s - PERIOD_S)
            was_let = await limiter.hit(Portions(limit, PERIOD_S), "key", cost=amount)
            assert was_let == (within + amount <= limit)
            if was_let:
                taken.append((now_s, amount))
            level = await limiter.get_window_stats(Portions(limit, PERIOD_S), "key")
            current = [each for each in taken if each[0] >= now_s - PERIOD_S]
            assert level.remaining == limit - sum(part for _, part in current)
            assert level.reset_time == (current[0][0] if current else now_s) + PERIOD_S

    asyncio.run(play())


def test_windows_that_nobody_uses_any_more_are_forgotten() -> None:
    clock = Clock()
    windows = MovingWindows(clock)

    async def play() -> None:
        for index in range(MOST_KEYS):
            await windows.acquire_entry(f"old {index}", 5, PERIOD_S)
        clock.now_s += 100_000
        for index in range(10):
            await windows.acquire_entry(f"new {index}", 5, PERIOD_S)
        assert await windows.reset() == 10

    asyncio.run(play())


def test_slots_are_given_back() -> None:
    async def play() -> None:
        slots = Slots()
        assert await slots.enter("key", "a", 2)
        assert await slots.enter("key", "b", 2)
        assert not await slots.enter("key", "c", 2)
        assert await slots.enter("other", "c", 2)
        await slots.leave("key", "a")
        await slots.leave("key", "a")
        assert await slots.enter("key", "c", 2)
        assert not await slots.enter("key", "d", 2)

    asyncio.run(play())
