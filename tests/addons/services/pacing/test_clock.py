"""The clock of the limits never goes backwards."""

import asyncio

from addons.services.pacing.clock import SteadyClock
from addons.services.pacing.memory import MovingWindows


class Wall:
    now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


def test_it_is_the_wall_clock_as_long_as_that_goes_forward() -> None:
    wall = Wall()
    clock = SteadyClock(wall)
    assert clock() == 1_000_000.0
    wall.now_s += 3_600
    assert clock() == 1_003_600.0


def test_set_back_it_goes_on_from_where_it_was() -> None:
    wall = Wall()
    clock = SteadyClock(wall)
    clock()
    wall.now_s -= 3_600
    assert clock() == 1_000_000.0
    wall.now_s += 5
    assert clock() == 1_000_005.0


async def full_after(setting_back_s: float) -> bool:
    wall = Wall()
    windows = MovingWindows(SteadyClock(wall))
    assert await windows.acquire_entry("key", limit=1, expiry=60)
    wall.now_s -= setting_back_s
    assert not await windows.acquire_entry("key", limit=1, expiry=60)
    wall.now_s += 61
    return not await windows.acquire_entry("key", limit=1, expiry=60)


def test_a_window_is_free_a_minute_later_although_the_clock_was_set_back_by_an_hour() -> None:
    assert not asyncio.run(full_after(3_600))
