import asyncio
import gc
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
            await asyncio.wait_for(done.wait(), 60)
            loop.done()
            return called

        assert asyncio.run(run()) == [("first", threading.get_ident()), ("second", threading.get_ident())]

    def test_before_it_runs_nothing_can_be_called(self) -> None:
        with pytest.raises(AssertionError, match="nothing has been run yet"):
            EventLoop().soon(print)

    def test_threads_give_way_to_it_while_it_runs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def run() -> None:
            loop.running()

        said: list[float] = []
        monkeypatch.setattr(sys, "getswitchinterval", lambda: 0.004)
        monkeypatch.setattr(sys, "setswitchinterval", said.append)
        loop = EventLoop()
        asyncio.run(run())
        loop.done()
        assert said == [SWITCH_S, 0.004]

    def test_what_is_loaded_is_not_looked_at_again(self) -> None:
        async def run() -> int:
            loop.running()
            return gc.get_freeze_count()

        loop = EventLoop()
        assert asyncio.run(run()) > 10_000
        loop.done()
        assert gc.get_freeze_count() == 0
