"""Station: the frame around every step that works on a request.

It guards first (answered already, gone, not ours, failed before), and it is the one place where any exception is
caught: the client's own bytes go on, and the failure is recorded with the call.
"""

import logging
import traceback
from abc import ABC, abstractmethod

from mitmproxy import http

from addons.hooks.exchange import Exchange, Exchanges

log = logging.getLogger(__name__)

FORWARDED = "the request goes on as the IDE sent it"


class Station(ABC):
    """One step of a request's way; subclasses write on the exchange, never on the flow."""

    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges

    async def request(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or exchange.failures or flow.response or flow.error or not flow.live:
            return
        try:
            await self.work(flow, exchange)
        except Exception as error:  # noqa: BLE001 - a chat never breaks because of us, whatever went wrong
            exchange.keep_whole()
            fail(exchange, type(self).__name__, error, FORWARDED)

    @abstractmethod
    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        """:raises Exception: whatever goes wrong; the request is then forwarded as it came."""


def fail(exchange: Exchange, place: str, error: Exception, effect: str) -> None:
    """Note that `place` failed, and what that means for the call.

    The log gets lines of code, never the error's own text: it may quote the request.
    """
    exchange.failures.append(f"{place}: {type(error).__name__}; {effect}")
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    log.error("%s failed with %s at %s; %s", place, type(error).__name__, where, effect)
