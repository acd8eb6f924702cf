"""EventLoop: the way from other threads to what belongs to the event loop's own."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")


class EventLoop:
    """The first addon that is run: the others' threads start after it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def running(self) -> None:
        self._loop = asyncio.get_running_loop()

    def soon(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have the function called by the event loop, within milliseconds; nobody waits for it."""
        assert self._loop, "nothing has been run yet"
        self._loop.call_soon_threadsafe(lambda: function(*args, **kwargs))
