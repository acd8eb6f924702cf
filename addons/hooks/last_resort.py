"""LastResort: answers a request itself that will not fit its model even so, instead of sending it to fail.

The person reads why, once; no client tries again. Only what is clearly too large is refused, because the count is an
estimate, and never for a model that has taken more than its window before: then providers.toml is wrong.
"""

from mitmproxy import http

from addons.domain import refusal
from addons.domain.compression.too_large import MOST_SHARE, too_large
from addons.domain.kinds import FILLS_CONTEXT
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import Station
from addons.hooks.windows import Windows


class LastResort(Station):
    def __init__(self, exchanges: Exchanges, windows: Windows) -> None:
        super().__init__(exchanges)
        self.windows = windows

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        window = exchange.window
        if exchange.kind not in FILLS_CONTEXT or exchange.reading is None or window is None or exchange.is_bypassed:
            return
        tokens = exchange.calibrated_tokens
        if tokens is None or tokens <= window * MOST_SHARE or self.windows.is_larger(exchange):
            return
        message = too_large(tokens, window, exchange.model_id)
        exchange.refusal = ProviderError(ErrorClass.CONTEXT, message)
        answer = refusal.body(exchange.endpoint.wire, message)
        flow.response = http.Response.make(refusal.STATUS, answer, refusal.HEADERS)
