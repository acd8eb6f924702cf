"""Gathering: mitmproxy's own addons as a few chains, so that an event costs the hooks there are for it.

mitmproxy offers each of a request's two dozen events to each of its forty addons, and then tells all of them that the
flow has changed; few have a hook for any of it. That is an eighth of what a request costs that is only streamed.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from mitmproxy import ctx

from addons.hooks.chain import Chain


class Gathering:
    """From when the proxy runs until it stops, or this script is loaded anew."""

    def running(self) -> None:
        ctx.master.addons.chain = list(gathered(ctx.master.addons.chain))

    def done(self) -> None:
        ctx.master.addons.chain = list(apart(ctx.master.addons.chain))


def gathered(addons: Iterable[object]) -> Iterator[object]:
    """Neighbours that stay as they are, in one chain each; the order in which hooks are called does not change."""
    for is_fixed, neighbours in groupby(addons, _is_fixed):
        if is_fixed:
            yield Chain(list(neighbours))
        else:
            yield from neighbours


def apart(addons: Iterable[object]) -> Iterator[object]:
    for addon in addons:
        if isinstance(addon, Chain):
            yield from addon.members
        else:
            yield addon


def _is_fixed(addon: object) -> bool:
    """One of mitmproxy's own, without addons of its own: those of the scripts come and go."""
    return type(addon).__module__.startswith("mitmproxy.addons.") and not hasattr(addon, "addons")
