"""Quota: asks Kimi Code for its quotas when a call has ended there, if the person has switched that on."""

import asyncio

from mitmproxy import http

from addons.domain.pacing.limit import Basis, LimitSeen
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.ratelimit import credential_of
from addons.hooks.store import Store, now_ms
from addons.hooks.upstream import place_of
from addons.services.quota import QuotaAsker, ask_quota, at_usages
from addons.services.summarizer import Place

HOST = "api.kimi.com"
TIMEOUT_S = 20.0


class Quota:
    def __init__(self, exchanges: Exchanges, configuration: Configuration, store: Store) -> None:
        self.exchanges = exchanges
        self.configuration = configuration
        self.store = store
        self.asker = QuotaAsker()
        self.asking: set[asyncio.Task[None]] = set()

    def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or not self.configuration.settings.pacing.kimi_quota:
            return
        credential = credential_of(flow.request)
        if flow.request.host != HOST or exchange.refusal or not credential:
            return
        if self.asker.is_due(credential, now_ms()):
            place = at_usages(place_of(flow.request, exchange, "", TIMEOUT_S), exchange.provider.base_path)
            task = asyncio.get_running_loop().create_task(self.ask(place, credential, exchange))
            self.asking.add(task)
            task.add_done_callback(self.asking.discard)

    def done(self) -> None:
        for task in self.asking:
            task.cancel()

    async def ask(self, place: Place, credential: str, exchange: Exchange) -> None:
        for told in await ask_quota(place, now_ms()):
            self.store.submit(
                LimitSeen(
                    provider=exchange.endpoint.provider,
                    model="",
                    kind=told.kind,
                    basis=Basis.REPORTED,
                    limit=told.limit,
                    remaining=told.remaining,
                    reset_at_ms=told.reset_at_ms,
                    full_at_ms=self.asker.forecast(credential, told, now_ms()),
                    seen_at_ms=now_ms(),
                )
            )
