"""EventLoop: the way from other threads to what belongs to the event loop's own, and its way past them."""

import asyncio
import gc
import sys
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")

SWITCH_S = 0.0005
"""The longest that a thread which computes keeps the others waiting. With Python's own 5 ms the event loop would wait
that long after each of its system calls while digests are drafted: measured on other flows meanwhile, the median time
to first byte was 48 ms, and is 11 ms."""


class EventLoop:
    """The first addon that is run: the others' threads start after it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._usual_switch_s = sys.getswitchinterval()

    def running(self) -> None:
        self._loop = asyncio.get_running_loop()
        sys.setswitchinterval(SWITCH_S)
        # What is loaded by now stays: a full collection would go through all its objects, 166,000 counted, for a tenth
        # of a second in which no flow goes on.
        gc.freeze()

    def done(self) -> None:
        gc.unfreeze()
        sys.setswitchinterval(self._usual_switch_s)

    def soon(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have the function called by the event loop, within milliseconds; nobody waits for it."""
        assert self._loop, "nothing has been run yet"
        self._loop.call_soon_threadsafe(lambda: function(*args, **kwargs))
