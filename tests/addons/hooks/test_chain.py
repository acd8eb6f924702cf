import asyncio
import logging

import pytest
from mitmproxy import addons, exceptions, hooks
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import taddons, tflow

from addons.hooks.chain import Chain


class Plain:
    def __init__(self, name: str, heard: list[str], fails: Exception | None = None) -> None:
        self.name, self.heard, self.fails = name, heard, fails

    def request(self, flow: object) -> None:
        self.heard.append(self.name)
        if self.fails:
            raise self.fails

    def configure(self, updated: set[str]) -> None:
        if self.fails:
            raise self.fails


class Waiting(Plain):
    async def request(self, flow: object) -> None:  # type: ignore[override]
        Plain.request(self, flow)


def request(chain: Chain) -> None:
    async def trigger() -> None:
        with taddons.context(chain) as context:
            await context.master.addons.trigger_event(HttpRequestHook(tflow.tflow()))

    asyncio.run(trigger())


@pytest.mark.parametrize("kind", [Plain, Waiting])
def test_hooks_are_called_in_the_order_of_the_list(kind: type[Plain]) -> None:
    heard: list[str] = []
    request(Chain([kind("first", heard), object(), Plain("second", heard), kind("third", heard)]))
    assert heard == ["first", "second", "third"]


@pytest.mark.parametrize("kind", [Plain, Waiting])
def test_one_that_fails_is_logged_and_the_others_go_on(kind: type[Plain], caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []
    request(Chain([kind("first", heard, KeyError("lost")), kind("second", heard)]))
    assert heard == ["first", "second"]
    assert [(record.levelno, "lost" in record.message) for record in caplog.records] == [(logging.ERROR, True)]


def test_an_option_that_is_refused_stops_the_start() -> None:
    chain = Chain([Plain("first", [], exceptions.OptionsError("rpm is fast"))])
    with taddons.context() as context, pytest.raises(exceptions.OptionsError, match="rpm is fast"):
        context.master.addons.add(chain)
        context.configure(chain)


def test_events_that_nobody_hears_are_not_there() -> None:
    chain = Chain([Plain("first", [])])
    assert {event for event in hooks.all_hooks if hasattr(chain, event)} == {"request", "configure"}


def test_the_events_are_known_before_any_flow() -> None:
    """A hook that mitmproxy registers only later would never be called."""
    assert addons.default_addons()
    assert {"request", "responseheaders", "response", "error", "client_connected", "running", "done"} <= set(
        hooks.all_hooks
    )
