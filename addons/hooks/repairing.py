"""Repairing: a request that was refused for a known reason goes once more, without what was refused. Opt-in.

The client waits for one answer and gets it in one piece. What a refusal taught is heeded from the session's next
request on, also after a restart, so that nothing is refused twice, and streams stream again. Each repair is an event.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from mitmproxy import ctx, http

from addons.domain.convert import ConvertError
from addons.domain.events import Event, Level
from addons.domain.quirks import apply_quirks
from addons.domain.repairs import REFUSED_WITH, Repair, repair
from addons.domain.settings import Quirks
from addons.hooks.answers import reply_of
from addons.hooks.configuration import Configuration
from addons.hooks.contents import content_of
from addons.hooks.exchange import Exchange, Exchanges, Forward
from addons.hooks.guide import is_movable
from addons.hooks.station import Station, fail
from addons.hooks.store import Record, Store, now_ms
from addons.hooks.upstream import is_passed_on, upstream_proxy
from addons.hooks.usagetap import Tap
from addons.services.resending import send_again
from addons.services.summarizer import Place, tls_context
from db.engine import opened, reader
from db.queries.reading import StoreUnavailable, answering
from db.queries.repairs import REPAIR_KIND, lessons

log = logging.getLogger(__name__)


class Repairing:
    """Stands after `UsageTap`, and before `Answers` and `Recording`, which see the answer that the client gets."""

    def __init__(self, exchanges: Exchanges, configuration: Configuration, store: Store) -> None:
        self.exchanges = exchanges
        self.configuration = configuration
        self.store = store
        self.send_again = send_again
        self.learned: dict[tuple[str, str], Quirks] = {}
        """By provider and model."""
        store.observers.append(self)

    def opened(self, url: str) -> None:
        try:
            with answering(), opened(reader, url) as engine, engine.connect() as tx:
                for lesson in lessons(tx):
                    self.remember(lesson)
        except StoreUnavailable as error:
            log.warning("repairs: what refusals taught before is not known: %s", error)

    def see(self, record: Record) -> None:
        """Nothing that others record teaches anything."""

    def remember(self, lesson: Mapping[str, Any]) -> None:
        """The data of an event of `say`. What was learned beside other settings is learned anew: a person may have put
        them right.
        """
        key = str(lesson.get("provider"))
        provider = self.configuration.settings.providers.get(key)
        try:
            learned, beside = (msgspec.convert(lesson.get(name), Quirks) for name in ("learned", "beside"))
        except msgspec.ValidationError:
            return  # of another version
        if provider and beside == provider.quirks:
            self.learned[key, str(lesson.get("model"))] = learned

    def is_on(self, exchange: Exchange) -> bool:
        is_openai = exchange.answer_wire == "openai"
        return self.configuration.settings.routing.repair and is_openai and is_movable(exchange)

    def quirks(self, exchange: Exchange) -> Quirks:
        return self.learned.get(exchange.target, exchange.provider.quirks)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange and flow.response and flow.response.status_code in REFUSED_WITH and self.is_on(exchange):
            flow.response.stream = False

    async def response(self, flow: http.HTTPFlow) -> None:
        exchange, response = self.exchanges.of(flow), flow.response
        if exchange is None or response is None or response.stream or exchange.refusal or exchange.tap is None:
            return
        if response.status_code not in REFUSED_WITH or not self.is_on(exchange):
            return
        try:
            await self.mend(flow.request, response, exchange)
        except Exception as error:  # noqa: BLE001 - the client then gets the refusal, as it came
            fail(exchange, "Repairing", error, "the client gets the provider's refusal")
        if reply_of(exchange) is None and exchange.tap:
            exchange.tap(response.raw_content or b"")

    async def mend(self, request: http.Request, response: http.Response, exchange: Exchange) -> None:
        """Put the answer of the repaired request in the place of the refusal, if it is a better one."""
        try:
            found = repair(content_of(request), response.status_code, content_of(response), self.quirks(exchange))
        except ConvertError:
            return
        if found is None:
            return
        said = await self.send_again(self.place_of(request, exchange), found.body)
        if said is None or said.status >= 400:
            self.say(exchange, found, "and was refused again", Level.WARNING)
            return
        self.learned[exchange.target] = found.quirks
        response.status_code = said.status
        response.headers.clear()
        response.headers.update(said.headers)
        response.content = said.body
        exchange.tap = Tap(exchange, response)
        self.say(exchange, found, "and was answered", Level.INFO)

    def place_of(self, request: http.Request, exchange: Exchange) -> Place:
        """Where the request itself went."""
        options = ctx.options
        headers = {name.lower(): value for name, value in request.headers.items() if is_passed_on(name.lower())}
        return Place(
            url=request.url,
            headers=headers | {"content-type": "application/json", "accept-encoding": "identity"},
            wire=exchange.answer_wire,
            context=tls_context(
                options.ssl_verify_upstream_trusted_ca,
                options.ssl_verify_upstream_trusted_confdir,
                options.ssl_insecure,
            ),
            proxy=upstream_proxy(options.mode),
            timeout_s=exchange.provider.timeout_s,
        )

    def say(self, exchange: Exchange, found: Repair, outcome: str, level: Level) -> None:
        provider, model = exchange.target
        notes = "; ".join(found.notes)
        self.store.submit(
            Event(
                at_ms=now_ms(),
                kind=REPAIR_KIND,
                level=level,
                session_id=exchange.session_id,
                message=f"{provider}/{model} refused the request; it went once more with {notes}, {outcome}"[:500],
                data={
                    "provider": provider,
                    "model": model,
                    "notes": list(found.notes),
                    "learned": msgspec.to_builtins(found.quirks),
                    "beside": msgspec.to_builtins(exchange.provider.quirks),
                },
            )
        )


class Repaired(Station):
    """Stands before `Outgoing`: what a refusal taught is heeded at once."""

    def __init__(self, exchanges: Exchanges, repairing: Repairing) -> None:
        super().__init__(exchanges)
        self.repairing = repairing

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        learned = self.repairing.learned.get(exchange.target)
        if learned is None or not self.repairing.is_on(exchange) or exchange.request is None:
            return
        forward = exchange.forward or Forward()
        body = forward.body if forward.body is not None else exchange.request.splice(exchange.replacements)
        repaired, notes = apply_quirks(body, learned)
        if notes:
            exchange.forward = replace(forward, body=repaired)
