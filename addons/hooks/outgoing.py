"""Outgoing: the only addon that touches a provider's request, and the last one to run on it.

Without a rewrite the body stays the very bytes the client sent. Our own headers never leave this machine, and the
provider is asked not to compress, so that the answer can be read while it passes. What goes to another provider takes
none of the client's credentials along.
"""

import time

from mitmproxy import http

from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange, Exchanges, Forward
from addons.hooks.intake import OWN_HEADERS

CREDENTIALS = frozenset(
    {
        *("authorization", "x-goog-api-key", "x-api-key", "api-key", "cookie"),
        *("openai-organization", "openai-project", "x-goog-user-project", "idempotency-key"),
    }
)
"""Headers that say who the client is to its own provider."""
HTTPS = 443


class Outgoing:
    def __init__(self, exchanges: Exchanges, configuration: Configuration) -> None:
        self.exchanges = exchanges
        self.configuration = configuration

    def request(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or flow.response or flow.error or not flow.live:
            return
        for name in OWN_HEADERS:
            flow.request.headers.pop(name, None)
        if flow.request.headers.get("accept-encoding"):
            flow.request.headers["accept-encoding"] = "identity"
        if exchange.forward and not exchange.failures:
            self.send_elsewhere(flow.request, exchange, exchange.forward)
        elif exchange.replacements and exchange.request and not exchange.failures:
            flow.request.content = exchange.request.splice(exchange.replacements)
        exchange.forwarded_at_s = time.perf_counter()

    def send_elsewhere(self, request: http.Request, exchange: Exchange, forward: Forward) -> None:
        body = forward.body
        if body is None and exchange.replacements and exchange.request:
            body = exchange.request.splice(exchange.replacements)
        if forward.host:
            request.scheme, request.host, request.port = "https", forward.host, HTTPS
            request.host_header = forward.host
        if forward.path:
            request.path = forward.path
        if forward.key_env:
            for name in CREDENTIALS.intersection(header.lower() for header in request.headers):
                del request.headers[name]
            key = self.configuration.environ.get(forward.key_env, "")
            is_google = exchange.answer_wire == "gemini"
            request.headers["x-goog-api-key" if is_google else "authorization"] = key if is_google else f"Bearer {key}"
        if body is not None:
            request.content = body
