"""Intake: matches the provider, reads the body once, finds the session, opens the exchange.

Requests that are not a provider's pass untouched and streamed. Counting new text is the only real work here, and it
runs in a worker thread so that no other flow waits for it; what has been seen before is remembered, message by message.
"""

import asyncio
import time

from mitmproxy import http

from addons.domain.calibration import Calibrations
from addons.domain.kinds import FILLS_CONTEXT, Kind, classify
from addons.domain.providers import Operation
from addons.domain.reading import Reader
from addons.domain.scrub import holds_secret, scrub
from addons.domain.sessions import SessionIndex
from addons.domain.tokens import TokenCounter
from addons.domain.wire import FORMATS, Request, WireError
from addons.hooks.configuration import Configuration
from addons.hooks.contents import content_of
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import Station

PROJECT_HEADER = "x-kimi-project"
"""Names the project of a session; settable in Continue's requestOptions.headers, removed before forwarding."""

BYPASS_HEADER = "x-kimi-bypass"
"""Any value but "" or "0": this one request is forwarded as it came. Removed before forwarding."""
OWN_HEADERS = (PROJECT_HEADER, BYPASS_HEADER)

RETRY_HEADER = "x-stainless-retry-count"
"""Of the OpenAI SDK: above 0 on a repetition of its own."""

KIND_OF_OPERATION = {
    Operation.COMPLETIONS: Kind.AUTOCOMPLETE,
    Operation.FIM: Kind.AUTOCOMPLETE,
    Operation.EMBEDDINGS: Kind.EMBEDDING,
    Operation.RERANK: Kind.RERANK,
    Operation.MODELS: Kind.MODELS,
    Operation.CHAT: Kind.CHAT,
}
"""What a request is taken for whose body cannot be read."""

READ = frozenset({Operation.CHAT, Operation.COMPLETIONS, Operation.FIM, Operation.EMBEDDINGS, Operation.RERANK})


class Intake(Station):
    def __init__(
        self, configuration: Configuration, exchanges: Exchanges, sessions: SessionIndex, calibrations: Calibrations
    ) -> None:
        super().__init__(exchanges)
        self.configuration = configuration
        self.sessions = sessions
        self.calibrations = calibrations
        self.counter = TokenCounter()
        self.readers = {name: Reader(wire, self.counter) for name, wire in FORMATS.items()}

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        if flow.response or flow.error or not flow.live:
            return
        request = flow.request
        endpoint = self.configuration.matcher.match(request.host, request.path, request.method)
        if endpoint is None:
            request.stream = True
            return
        exchange = Exchange(
            endpoint=endpoint,
            provider=self.configuration.settings.providers[endpoint.provider],
            started_at_ms=int(request.timestamp_start * 1000),
            project=scrub(request.headers.get(PROJECT_HEADER, ""))[:200],
            kind=KIND_OF_OPERATION.get(endpoint.operation, Kind.OTHER),
            is_bypassed=request.headers.get(BYPASS_HEADER, "0") not in ("", "0"),
        )
        self.exchanges.open(flow, exchange)

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        exchange.received_at_s = time.perf_counter()
        if exchange.endpoint.operation not in READ:
            return
        try:
            request = self.readers[exchange.endpoint.wire].parse(content_of(flow.request))
        except WireError:
            return  # not a body of this format: recorded by its path, forwarded as it came
        await self.read(flow, request, exchange)

    async def read(self, flow: http.HTTPFlow, request: Request, exchange: Exchange) -> None:
        endpoint = exchange.endpoint
        exchange.request = request
        model = endpoint.model or request.model
        exchange.model_id = scrub(model) if holds_secret(model) else model
        exchange.calibration = self.calibrations.factor(*exchange.target)
        exchange.stream = request.stream if endpoint.stream is None else endpoint.stream
        exchange.kind = classify(endpoint.operation, request, exchange.message)
        reader = self.readers[endpoint.wire]
        exchange.reading = reader.known(request) or await asyncio.to_thread(reader.read, request)
        if exchange.kind in FILLS_CONTEXT:
            self.find_session(flow.request, exchange)
        elif exchange.kind is Kind.TITLE:
            exchange.session_id = self.sessions.titled(exchange.message(0).text)

    def find_session(self, request: http.Request, exchange: Exchange) -> None:
        assert exchange.reading
        match = self.sessions.match(
            exchange.reading,
            now_ms=exchange.started_at_ms,
            kind=exchange.kind,
            project=exchange.project,
            named=self.configuration.settings.sessions.name_from_prompt,
            is_retry=request.headers.get(RETRY_HEADER, "0") != "0",
        )
        exchange.match, exchange.session_id = match, match.session_id
        if match.session_id in self.configuration.settings.sessions.bypassed:
            exchange.is_bypassed = True
