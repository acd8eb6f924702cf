import asyncio

from mitmproxy.addonmanager import traverse
from mitmproxy.options import Options
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import tflow
from mitmproxy.tools.dump import DumpMaster

from addons.hooks.gathering import Gathering, apart, gathered


class Own:
    def __init__(self) -> None:
        self.heard = 0

    def request(self, flow: object) -> None:
        self.heard += 1


def test_the_addons_of_mitmproxy_become_a_few_and_keep_their_order() -> None:
    async def look() -> None:
        master = DumpMaster(Options())
        before = [*master.addons.chain, Own()]
        after = list(gathered(before))
        assert len(after) < len(before) / 5
        assert list(apart(after)) == before

    asyncio.run(look())


def test_what_has_addons_of_its_own_stays_apart() -> None:
    """Scripts come and go while the proxy runs, and mitmproxy looks for them there."""

    async def look() -> None:
        master = DumpMaster(Options())
        loader = master.addons.get("scriptloader")
        after = list(gathered(master.addons.chain))
        assert loader in after
        assert loader in list(traverse(after))

    asyncio.run(look())


def test_hooks_are_called_while_it_runs_and_after_it_is_done() -> None:
    async def run() -> tuple[list[int], list[object], list[object]]:
        master, gathering, own = DumpMaster(Options(), with_termlog=False), Gathering(), Own()
        master.options.update(anticache=True)
        master.addons.add(own, gathering)
        before, heard = list(master.addons.chain), []
        for _ in range(2):  # as where the script is loaded anew
            for hook in (gathering.running, gathering.done):
                hook()
                flow = tflow.tflow()
                flow.request.headers["if-none-match"] = "1"
                await master.addons.trigger_event(HttpRequestHook(flow))
                assert "if-none-match" not in flow.request.headers, "an addon of mitmproxy's was not asked"
                heard.append(own.heard)
        return heard, before, list(master.addons.chain)

    heard, before, after = asyncio.run(run())
    assert heard == [1, 2, 3, 4]
    assert after == before
