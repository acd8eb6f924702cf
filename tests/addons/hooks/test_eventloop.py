import asyncio
import sys
import threading

import pytest

from addons.hooks.eventloop import SWITCH_S, EventLoop


class TestEventLoop:
    def test_another_threads_call_is_made_on_the_loops_thread(self) -> None:
        async def run() -> list[tuple[str, int]]:
            called: list[tuple[str, int]] = []
            done = asyncio.Event()

            def note(what: str, *, last: bool) -> None:
                called.append((what, threading.get_ident()))
                if last:
                    done.set()

            loop = EventLoop()
            loop.running()
            await asyncio.to_thread(loop.soon, note, "first", last=False)
            await asyncio.to_thread(loop.soon, note, "second", last=True)
            await asyncio.wait_for(done.wait(), 10)
            loop.done()
            return called

        assert asyncio.run(run()) == [("first", threading.get_ident()), ("second", threading.get_ident())]

    def test_before_it_runs_nothing_can_be_called(self) -> None:
        with pytest.raises(AssertionError, match="nothing has been run yet"):
            EventLoop().soon(print)

    def test_threads_give_way_to_it_while_it_runs(self) -> None:
        async def run() -> float:
            loop.running()
            return sys.getswitchinterval()

        before, loop = sys.getswitchinterval(), EventLoop()
        assert asyncio.run(run()) == pytest.approx(SWITCH_S) != before
        loop.done()
        assert sys.getswitchinterval() == before
