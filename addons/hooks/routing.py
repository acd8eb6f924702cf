"""Routing: a session that outgrows its model goes on with one that takes it, and stays there.

Two stations share what is known. `Routed` stands before everything else is decided, so that masking and compression
work for the model that a session has been moved to; `Routing` stands after them: only what they leave is too large.
The request is written here in the form its new provider takes, so that what cannot be said there is never sent.
"""

import asyncio
import logging
from dataclasses import replace

import msgspec
from mitmproxy import http

from addons.domain.convert import ConvertError
from addons.domain.events import Level
from addons.domain.forwarding import Elsewhere, other_model, other_provider
from addons.domain.routes import NO_SIGNATURES, SessionRoute
from addons.domain.routing import Need, Route, choose, fill, is_due, ruled
from addons.domain.wire import Request
from addons.hooks.exchange import Exchange, Exchanges, Forward
from addons.hooks.guide import Guide, is_movable, key_variable, no_key
from addons.hooks.memories import Memories
from addons.hooks.routes import RoutedSession
from addons.hooks.station import Station, fail
from addons.hooks.store import now_ms

log = logging.getLogger(__name__)

NOT_TAKEN = frozenset({401, 403, 404})
"""A key that is not good for the model, or no such model: it would be the same with every further request."""


class Routed(Station):
    """Stands before the other stations: what was decided before, and what a rule says."""

    def __init__(self, exchanges: Exchanges, guide: Guide) -> None:
        super().__init__(exchanges)
        self.guide = guide

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        guide = self.guide
        exchange.true_window = guide.windows.of(exchange.target)
        if not is_movable(exchange):
            return
        session = await guide.session_of(exchange)
        route = session.current if session else None
        if route and route.asked == "/".join(exchange.target) != f"{route.provider}/{route.model}":
            if guide.is_usable(exchange, route.provider):
                guide.turn(exchange, route.provider, route.model)
                return
            variable = key_variable(guide.settings, route.provider)
            data = {"step": "lost", "provider": route.provider, "model": route.model, "variable": variable}
            guide.say(exchange, session, no_key(route.provider, variable), data, level=Level.WARNING)
        if rule := ruled(*exchange.target, guide.settings):
            self.follow(exchange, session, rule)

    def follow(self, exchange: Exchange, session: RoutedSession | None, rule: Route) -> None:
        guide, asked = self.guide, "/".join(exchange.target)
        data = {"asked": asked, "provider": rule.provider, "model": rule.model, "reason": rule.reason, **rule.figures}
        if not guide.is_usable(exchange, rule.provider):
            variable = key_variable(guide.settings, rule.provider)
            data |= {"step": "no key", "variable": variable}
            guide.say(exchange, session, no_key(rule.provider, variable), data, level=Level.WARNING)
            return
        guide.turn(exchange, rule.provider, rule.model)
        if session:
            data["step"] = "rule"
            guide.say(exchange, session, f"{asked} goes to {rule.provider}/{rule.model}: {rule.reason}", data)


class Routing(Station):
    """Stands after compression: a request that is still too large for its model goes to one that takes it."""

    def __init__(self, exchanges: Exchanges, guide: Guide, memories: Memories) -> None:
        super().__init__(exchanges)
        self.guide = guide
        self.memories = memories

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        if not is_movable(exchange):
            return
        session = await self.guide.session_of(exchange)
        if exchange.asked and not await self.prepared(flow, exchange, session):
            exchange.turn_back()
        if session and exchange.reading:
            await self.decide(flow, exchange, session)
            if exchange.asked and exchange.match:
                # Its prefix is in that model's cache from now on.
                (await self.memories.of(exchange.match)).target = exchange.target

    async def response(self, flow: http.HTTPFlow) -> None:
        """What the answer means for the session's next requests."""
        exchange = self.exchanges.of(flow)
        if exchange is None or exchange.asked is None or exchange.refusal or flow.response is None:
            return
        try:
            session = await self.guide.session_of(exchange)
            if session and exchange.signatures:
                self.keep_signatures(exchange, session)
            if session and session.current and flow.response.status_code in NOT_TAKEN:
                self.move_back(exchange, session, session.current, flow.response.status_code)
        except Exception as error:  # noqa: BLE001 - the answer has passed; the provider gets a stand-in for the signature
            fail(exchange, "Routing", error, "the session's next request lacks the signature of its tool call")

    def keep_signatures(self, exchange: Exchange, session: RoutedSession) -> None:
        """The client may not send them back, so they are put into the session's next requests by us."""
        session.signatures |= exchange.signatures
        if session.current:
            session.current = replace(session.current, signatures=dict(session.signatures))
            self.guide.store.submit(session.current)

    def move_back(self, exchange: Exchange, session: RoutedSession, route: SessionRoute, status: int) -> None:
        """The key is not good for that model, or there is no such model: the session does not stay where it fails."""
        if (route.provider, route.model) != exchange.target or exchange.asked is None:
            return
        session.refused.add(exchange.target)
        asked = exchange.asked
        reason = f"{route.provider}/{route.model} answered {status}"
        session.current = replace(
            route, provider=asked.endpoint.provider, model=asked.model_id, reason=reason, decided_at_ms=now_ms()
        )
        self.guide.store.submit(session.current)
        data = {"step": "moved back", "provider": route.provider, "model": route.model, "status": status}
        self.guide.say(exchange, session, f"back to {asked.name}: {reason}", data, level=Level.WARNING)

    async def decide(self, flow: http.HTTPFlow, exchange: Exchange, session: RoutedSession) -> None:
        guide = self.guide
        need, known = need_of(exchange), guide.known()
        if not is_due(need, guide.settings, known):
            return
        before = exchange.asked and (exchange.endpoint.provider, exchange.model_id)
        for route in choose(need, guide.settings, known):
            if (route.provider, route.model) in session.refused:
                continue
            guide.turn(exchange, route.provider, route.model)
            if await self.prepared(flow, exchange, session):
                self.keep(exchange, session, route)
                return
        exchange.turn_back()
        if before:
            guide.turn(exchange, *before)
            await self.prepared(flow, exchange, session)
        share = fill(need, guide.settings, known) or 0.0
        message = f"The context of {need.provider}/{need.model} is {share:.0%} full, and no other model takes it"
        data = {"step": "nothing fits", "provider": need.provider, "model": need.model, "tokens": need.tokens,
                "share": round(share, 4)}  # fmt: skip
        if not session.told.startswith("The context of "):
            guide.say(exchange, session, message, data, kind="alert", level=Level.CRITICAL)

    def keep(self, exchange: Exchange, session: RoutedSession, route: Route) -> None:
        """The session stays there, also after a restart."""
        assert exchange.asked
        session.current = SessionRoute(
            session_id=session.session_id,
            asked=exchange.asked.name,
            provider=route.provider,
            model=route.model,
            reason=route.reason,
            decided_at_ms=now_ms(),
            signatures=dict(session.signatures),
        )
        self.guide.store.submit(session.current)
        message = f"{exchange.asked.name} goes on with {route.provider}/{route.model}: {route.reason}"
        data = {"step": "moved", "asked": exchange.asked.name, "provider": route.provider, "model": route.model}
        self.guide.say(
            exchange,
            session,
            message,
            {**data, **route.figures, "reason": route.reason, "tokens": exchange.calibrated_tokens},
        )

    async def prepared(self, flow: http.HTTPFlow, exchange: Exchange, session: RoutedSession | None) -> bool:
        """Write the request as its new provider takes it; False where that cannot be."""
        try:
            exchange.forward = await asyncio.to_thread(self.forward, flow.request.path, exchange, session)
        except ConvertError as error:
            target = "/".join(exchange.target)
            data = {"step": "not convertible", "provider": exchange.endpoint.provider, "model": exchange.model_id,
                    "why": str(error)}  # fmt: skip
            self.guide.say(exchange, session, f"not sent to {target}: {error}", data, level=Level.WARNING)
            return False
        return True

    def forward(self, path: str, exchange: Exchange, session: RoutedSession | None) -> Forward:
        """:raises ConvertError: where the request cannot be said there."""
        assert exchange.request
        assert exchange.asked
        request = exchange.request
        if exchange.asked.endpoint.provider == exchange.endpoint.provider:
            span = request.fields.get("model")
            if span:
                return Forward(
                    body=request.splice({**exchange.replacements, span: msgspec.json.encode(exchange.model_id)})
                )
            return Forward(path=other_model(b"", None, path, exchange.asked.model_id, exchange.model_id).path)
        signatures = dict(session.signatures) if session else NO_SIGNATURES
        there = other_provider(
            spliced(exchange), path, exchange.endpoint.wire, exchange.provider, exchange.model_id, signatures
        )
        return self.elsewhere(exchange, there)

    def elsewhere(self, exchange: Exchange, there: Elsewhere) -> Forward:
        if there.notes:
            log.info("session %s: for %s %s", exchange.session_id, exchange.endpoint.provider, "; ".join(there.notes))
        provider = exchange.provider
        return Forward(
            host=provider.hosts[0], path=there.path, body=there.body, key_env=provider.key_env, reply=there.reply
        )


def spliced(exchange: Exchange) -> Request:
    """The request with all replacements done; only what conversion looks at is right in it."""
    assert exchange.request
    request = exchange.request
    span = request.fields.get("model")
    if not exchange.replacements:
        return request
    body = request.splice(exchange.replacements)
    if span is None:
        return replace(request, body=body)
    grown = sum(len(new) - (end - start) for (start, end), new in exchange.replacements.items() if end <= span[0])
    fields = {**request.fields, "model": (span[0] + grown, span[1] + grown)}
    return replace(request, body=body, fields=fields)


def need_of(exchange: Exchange) -> Need:
    assert exchange.request
    asked = exchange.asked.endpoint.provider if exchange.asked else exchange.endpoint.provider
    return Need(
        tokens=exchange.sent_tokens or 0,
        max_output=exchange.request.max_output_tokens,
        provider=exchange.endpoint.provider,
        model=exchange.model_id,
        keeps_credentials=frozenset({asked}),
    )
