"""Guide: what is known for choosing a model, and how a request is turned to another; shared by the routing stations."""

import logging
from collections.abc import Mapping

from addons.domain.calibration import Calibrations
from addons.domain.events import Event, Level
from addons.domain.kinds import FILLS_CONTEXT
from addons.domain.providers import Operation
from addons.domain.routing import Known
from addons.domain.settings import Settings
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange
from addons.hooks.latencies import Latencies
from addons.hooks.routes import RoutedSession, Routes
from addons.hooks.store import Store, now_ms
from addons.hooks.true_windows import TrueWindows

log = logging.getLogger(__name__)


class Guide:
    """What both stations know, and how a request is turned to another model."""

    def __init__(
        self,
        configuration: Configuration,
        store: Store,
        calibrations: Calibrations,
        windows: TrueWindows,
        latencies: Latencies,
    ) -> None:
        self.configuration = configuration
        self.store = store
        self.calibrations = calibrations
        self.windows = windows
        self.latencies = latencies
        self.routes = Routes(configuration)

    @property
    def settings(self) -> Settings:
        return self.configuration.settings

    def known(self) -> Known:
        return Known(
            keys=frozenset(key for key in self.settings.providers if self.has_key(key)),
            latencies_ms=self.latencies.known,
            windows=self.windows.known(),
            factor=self.calibrations.factor,
        )

    def has_key(self, provider: str) -> bool:
        name = self.settings.providers[provider].key_env
        return bool(name and self.configuration.environ.get(name))

    def is_usable(self, exchange: Exchange, provider: str) -> bool:
        """Settings and environment may have changed since it was decided."""
        asked = exchange.asked.endpoint.provider if exchange.asked else exchange.endpoint.provider
        return provider in self.settings.providers and (provider == asked or self.has_key(provider))

    def turn(self, exchange: Exchange, provider: str, model: str) -> None:
        exchange.turn_to(provider, self.settings.providers[provider], model)
        self.look_up(exchange)

    def look_up(self, exchange: Exchange) -> None:
        """What is known of the model that the request goes to."""
        exchange.calibration = self.calibrations.factor(*exchange.target)
        exchange.true_window = self.windows.of(exchange.target)

    def say(
        self,
        exchange: Exchange,
        session: RoutedSession | None,
        message: str,
        data: Mapping[str, object],
        *,
        kind: str = "routing",
        level: Level = Level.INFO,
    ) -> None:
        """Once: in a session nothing is said twice in a row."""
        if session:
            if session.told == message:
                return
            session.told = message
        log.log(
            logging.INFO if level is Level.INFO else logging.WARNING, "session %s: %s", exchange.session_id, message
        )
        event = Event(
            at_ms=now_ms(), kind=kind, level=level, session_id=exchange.session_id, message=message[:500], data=data
        )
        self.store.submit(event)

    async def session_of(self, exchange: Exchange) -> RoutedSession | None:
        if exchange.kind not in FILLS_CONTEXT or exchange.match is None:
            return None
        return await self.routes.of(exchange.match)


def is_movable(exchange: Exchange) -> bool:
    is_chat = exchange.endpoint.operation is Operation.CHAT
    return is_chat and exchange.request is not None and bool(exchange.model_id) and not exchange.is_bypassed


def key_variable(settings: Settings, provider: str) -> str | None:
    """The environment variable that its key is in: "" where none is named, None where the provider is not known."""
    found = settings.providers.get(provider)
    return found.key_env or "" if found else None


def no_key(provider: str, variable: str | None) -> str:
    """:param variable: as `key_variable` says."""
    if variable is None:
        return f"not sent to {provider}: it is not in providers.toml any more"
    if not variable:
        return f"not sent to {provider}: its key_env in providers.toml names no environment variable"
    return f"not sent to {provider}: the environment variable {variable} holds no key"
