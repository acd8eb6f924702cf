"""Calibrating: learns from each reported count how the model counts, and remembers it over restarts."""

from mitmproxy import http

from addons.domain.calibration import Calibrations
from addons.domain.kinds import FILLS_CONTEXT
from addons.domain.usage import UsageSource
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import fail
from addons.hooks.store import Store, now_ms
from db.engine import opened, reader
from db.queries.calibrations import calibrations_of


class Calibrating:
    """Stands after the store, which makes the tables, and so after `Recording`, which reads what was reported."""

    def __init__(
        self, exchanges: Exchanges, configuration: Configuration, store: Store, calibrations: Calibrations
    ) -> None:
        self.exchanges = exchanges
        self.configuration = configuration
        self.store = store
        self.calibrations = calibrations

    def running(self) -> None:
        if self.store.is_open:
            with opened(reader, self.configuration.database_url) as engine, engine.connect() as tx:
                self.calibrations.load(calibrations_of(tx))

    def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        if exchange and flow.response and flow.response.status_code < 300:
            try:
                self.learn(exchange)
            except Exception as error:  # noqa: BLE001 - the call is over; only this report teaches nothing
                fail(exchange, "Calibrating", error, "estimates stay as they are")

    def learn(self, exchange: Exchange) -> None:
        """Not from images, whose tokens are a guess, nor from what fills no context: its prompts are templates."""
        usage, reading, sent = exchange.usage, exchange.reading, exchange.sent_tokens
        if exchange.kind not in FILLS_CONTEXT or usage is None or reading is None or sent is None:
            return
        is_reported = usage.source is UsageSource.REPORTED and usage.prompt_tokens is not None
        if not is_reported or any(facts.images for facts in reading.messages):
            return
        learned = self.calibrations.observe(*exchange.target, sent, usage.prompt_tokens or 0, now_ms())
        if learned:
            self.store.submit(learned)
