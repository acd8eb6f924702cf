"""Latencies: how long each model takes to its first byte, as seen since the proxy started."""

from mitmproxy import http

from addons.hooks.exchange import Exchanges

WEIGHT = 0.2
"""Of the newest one in the running mean."""


class Latencies:
    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges
        self.known: dict[tuple[str, str], float] = {}
        """Milliseconds by provider and model."""

    def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or flow.response is None or flow.response.status_code >= 300:
            return
        if exchange.forwarded_at_s is None or exchange.first_byte_at_s is None:
            return
        took_ms = (exchange.first_byte_at_s - exchange.forwarded_at_s) * 1000
        before = self.known.get(exchange.target, took_ms)
        self.known[exchange.target] = before + (took_ms - before) * WEIGHT
