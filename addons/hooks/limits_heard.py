"""LimitsHeard: what an answer teaches about the provider's limits, and the end of a request's place among the others.

Stands after `Recording`, which reads what the provider reported.
"""

from mitmproxy import http

from addons.domain.kinds import Kind
from addons.domain.pacing.cost import tokens_used
from addons.domain.pacing.headers import retry_after_ms, told_by_headers
from addons.domain.pacing.lane import Lane
from addons.domain.pacing.limit import Basis, LimitSeen, Told
from addons.domain.pacing.refusals import told_by_body
from addons.domain.provider_errors import ErrorClass, classify_error
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.pacing import Pacing
from addons.hooks.store import Store, now_ms
from addons.services.pacing.clock import steady_s

LIMITED = frozenset({429, 413})
"""Groq refuses with 413 what is larger than its tokens per minute."""


class LimitsHeard:
    def __init__(self, exchanges: Exchanges, pacing: Pacing, store: Store) -> None:
        self.exchanges = exchanges
        self.pacing = pacing
        self.store = store

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        granted, pacer = exchange.rate_pass if exchange else None, self.pacing.pacer
        if exchange is None or granted is None or pacer is None or flow.response is None:
            return
        if flow.response.status_code in LIMITED:
            return  # its body says more
        told = told_of(flow.response, exchange)
        pacer.heard(granted, told)
        self.show(granted.lane, told)

    async def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange and flow.response and flow.response.status_code in LIMITED:
            self.hear_refusal(flow.response, exchange)
        await self.end(exchange)

    async def error(self, flow: http.HTTPFlow) -> None:
        await self.end(self.exchanges.of(flow))

    async def end(self, exchange: Exchange | None) -> None:
        granted, pacer = exchange.rate_pass if exchange else None, self.pacing.pacer
        if exchange and granted and pacer:
            exchange.rate_pass = None
            await pacer.ended(granted, tokens_used(exchange.usage))

    def hear_refusal(self, response: http.Response, exchange: Exchange) -> None:
        granted, pacer = exchange.rate_pass, self.pacing.pacer
        if granted is None or pacer is None:
            return
        error = classify_error(response.status_code, exchange.answer_error)
        if error.error_class is not ErrorClass.RATE:
            return
        said = told_by_body(exchange.answer_error)
        told = [*told_of(response, exchange), *said.told]
        if response.status_code == 413:
            pacer.heard(granted, told)
        else:
            wait_ms = retry_after_ms(response.headers, now_ms())
            pacer.refused(granted, told, said.wait_ms if wait_ms is None else wait_ms)
        self.show(granted.lane, told)

    def show(self, lane: Lane, told: list[Told]) -> None:
        for each in told:
            self.store.submit(
                LimitSeen(
                    provider=lane.provider,
                    model=lane.model,
                    kind=each.kind,
                    basis=Basis.REPORTED,
                    limit=each.limit or lane.learned.limits.get(each.kind),
                    remaining=each.remaining,
                    reset_at_ms=each.reset_at_ms,
                    seen_at_ms=now_ms(),
                )
            )


def told_of(response: http.Response, exchange: Exchange) -> list[Told]:
    if exchange.kind is Kind.MODELS:
        return []
    headers = response.headers.items(multi=True)
    return told_by_headers(headers, round(steady_s() * 1000), requests_per=exchange.provider.request_headers_per)
