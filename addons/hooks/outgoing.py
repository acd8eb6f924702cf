"""Outgoing: the only addon that touches a provider's request, and the last one to run on it.

Without a rewrite the body stays the very bytes the client sent. Our own headers never leave this machine, and the
provider is asked not to compress, so that the answer can be read while it passes.
"""

import time

from mitmproxy import http

from addons.hooks.exchange import Exchanges
from addons.hooks.intake import OWN_HEADERS


class Outgoing:
    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges

    def request(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or flow.response or flow.error or not flow.live:
            return
        for name in OWN_HEADERS:
            flow.request.headers.pop(name, None)
        if flow.request.headers.get("accept-encoding"):
            flow.request.headers["accept-encoding"] = "identity"
        if exchange.replacements and exchange.request and not exchange.failures:
            flow.request.content = exchange.request.splice(exchange.replacements)
        exchange.forwarded_at_s = time.perf_counter()
