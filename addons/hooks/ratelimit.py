"""RateLimit: a request waits here until the provider's limits have room for it.

Chat waits, autocomplete never does: it gets an empty completion at once. A wait that would be too long is refused with
a reason that the person reads and no client repeats. What is sent with one key is counted together, whoever sends it.
"""

import time

from mitmproxy import http

from addons.domain import refusal
from addons.domain.kinds import Kind
from addons.domain.pacing import instead
from addons.domain.pacing.cost import cost_of
from addons.domain.pacing.lane import Demand
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.domain.settings import Limits
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.pacing import Pacing
from addons.hooks.station import Station
from addons.services.pacing.clock import steady_s
from addons.services.pacing.passes import Full, Gone, Pass, Refused

UNPACED = frozenset({Kind.MODELS, Kind.OTHER})
"""Lists of models, and what is not known to reach a model: providers do not count them."""

CREDENTIALS = ("authorization", "x-goog-api-key", "x-api-key", "api-key")


class RateLimit(Station):
    def __init__(self, exchanges: Exchanges, configuration: Configuration, pacing: Pacing) -> None:
        super().__init__(exchanges)
        self.configuration = configuration
        self.pacing = pacing

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        settings = self.configuration.settings.pacing
        pacer = self.pacing.pacer
        if not settings.enabled or exchange.kind in UNPACED or pacer is None:
            return
        waits = exchange.kind is not Kind.AUTOCOMPLETE
        began_s = time.perf_counter()
        try:
            admitted = await pacer.admit(
                demand_of(self.credential_of(flow.request, exchange), exchange),
                settings,
                patience_s=settings.max_wait_s if waits else 0,
                is_there=lambda: flow.client_conn.connected,
            )
        except Gone:
            return  # mitmproxy ends the flow: nothing is sent
        finally:
            exchange.rate_wait_ms = (time.perf_counter() - began_s) * 1000
        if isinstance(admitted, Pass):
            exchange.rate_pass = admitted
        elif isinstance(admitted, Refused):
            self.answer(flow, exchange, admitted.full, waits)

    def credential_of(self, request: http.Request, exchange: Exchange) -> str:
        """The client's own, or ours where the request goes to another provider."""
        name = exchange.forward.key_env if exchange.forward else ""
        return self.configuration.environ.get(name, "") if name else credential_of(request)

    def answer(self, flow: http.HTTPFlow, exchange: Exchange, full: Full, waits: bool) -> None:
        """Instead of the provider."""
        wait_s = full.until_s - steady_s()
        max_wait_s = self.configuration.settings.pacing.max_wait_s
        message = instead.too_long(exchange.provider.name, full.kind, full.limit, wait_s, max_wait_s)
        exchange.refusal = ProviderError(ErrorClass.RATE, message)
        if waits:
            body = refusal.body(exchange.endpoint.wire, message)
            flow.response = http.Response.make(refusal.STATUS, body, refusal.HEADERS)
            return
        content_type, body = instead.nothing(
            exchange.endpoint.wire,
            exchange.endpoint.operation,
            exchange.model_id,
            stream=exchange.stream,
            sse=flow.request.query.get("alt") == "sse",
        )
        flow.response = http.Response.make(200, body, {"content-type": content_type})


def demand_of(credential: str, exchange: Exchange) -> Demand:
    tokens = exchange.reading.total_tokens - exchange.saved_tokens if exchange.reading else 0
    most = exchange.request.max_output_tokens if exchange.request else None
    return Demand(
        provider_key=exchange.endpoint.provider,
        provider=exchange.provider,
        model_id=exchange.model_id,
        credential=credential,
        session=exchange.session_id or "",
        cost=cost_of(tokens, most, token_limits(exchange)),
    )


def token_limits(exchange: Exchange) -> Limits:
    """Of model or provider: who says how the output counts."""
    model = exchange.model
    return model.limits if model and model.limits.counts_reserved_output else exchange.provider.limits


def credential_of(request: http.Request) -> str:
    """The key that the provider counts by; "" where there is none. It goes no further than the counters' hash."""
    for name in CREDENTIALS:
        if value := request.headers.get(name):
            return str(value).removeprefix("Bearer ")
    key: str = request.query.get("key", "")
    return key
