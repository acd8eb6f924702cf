"""TrueWindows: learns from refused requests how much a model really takes, and remembers it over restarts."""

from collections.abc import Mapping

from mitmproxy import http

from addons.domain.error_bodies import read_error
from addons.domain.events import Event
from addons.domain.provider_errors import ErrorClass, classify_error
from addons.domain.true_windows import TrueWindow, holding, window_told
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import fail
from addons.hooks.store import Store, now_ms
from db.engine import opened, reader
from db.queries.routes import windows_told

Target = tuple[str, str]


class TrueWindows:
    """Stands after the store, which makes the tables, and so after `Recording`, which reads what the answer said."""

    def __init__(self, exchanges: Exchanges, configuration: Configuration, store: Store) -> None:
        self.exchanges = exchanges
        self.configuration = configuration
        self.store = store
        self._known: dict[Target, TrueWindow] = {}

    def running(self) -> None:
        if self.store.is_open:
            with opened(reader, self.configuration.database_url) as engine, engine.connect() as tx:
                self._known |= {(each.provider, each.model): each for each in windows_told(tx)}

    def known(self) -> Mapping[Target, int]:
        """Tokens by provider and model."""
        return holding(self._known, now_ms(), self.configuration.settings.routing.window_days)

    def of(self, target: Target) -> int | None:
        return self.known().get(target) if self._known else None

    def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or exchange.refusal or flow.response is None:
            return
        try:
            self.learn(exchange, flow.response.status_code)
        except Exception as error:  # noqa: BLE001 - the call is over; only this answer teaches nothing
            fail(exchange, "TrueWindows", error, "context windows stay as they are known")

    def learn(self, exchange: Exchange, status: int) -> None:
        target = exchange.target
        if exchange.answer_error:
            is_context = classify_error(status, exchange.answer_error).error_class is ErrorClass.CONTEXT
            tokens = window_told(read_error(exchange.answer_error).message) if is_context else None
            if tokens and tokens != exchange.window:
                self.keep(exchange, tokens, "its provider's refusal says so")
        elif (known := self.of(target)) and exchange.usage and (exchange.usage.prompt_tokens or 0) > known:
            # It took more than that: what was told was another limit, or is no longer true.
            self.keep(exchange, exchange.usage.prompt_tokens or 0, "it has taken as many")

    def keep(self, exchange: Exchange, tokens: int, why: str) -> None:
        provider, model = exchange.target
        learned = TrueWindow(provider=provider, model=model, tokens=tokens, learned_at_ms=now_ms())
        self._known[exchange.target] = learned
        self.store.submit(learned)
        self.store.submit(
            Event(
                at_ms=learned.learned_at_ms,
                kind="routing",
                session_id=exchange.session_id,
                message=f"{provider}/{model} takes {tokens:,} tokens: {why}",
                data={"step": "window", "provider": provider, "model": model, "tokens": tokens, "why": why},
            )
        )
