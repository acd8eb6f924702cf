"""LogFile: the proxy's own log as a file, with a line for each call, event and alert: figures and names, no text."""

import logging
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from mitmproxy import ctx
from mitmproxy.proxy.mode_specs import ProxyMode, RegularMode

from addons.domain import places
from addons.domain.alerts.alert import Alert
from addons.domain.completion import Completion
from addons.domain.events import Event
from addons.hooks.configuration import Configuration
from addons.hooks.store import Record, Store
from addons.services import log_file

log = logging.getLogger(__name__)

CALL = (
    "session_id", "kind", "provider", "model", "routed_from", "stream", "status", "outcome", "error_class",
    "prompt_tokens_before", "prompt_tokens_sent", "prompt_tokens", "cached_tokens", "completion_tokens",
    "context_fill", "masked_count", "epoch", "rate_wait_ms", "ttfb_ms", "duration_ms", "overhead_ms", "cost_usd",
)  # fmt: skip
"""Fields of a completion that go into its line; no name of a session, which is a text of the person's."""
_values_of_call = attrgetter(*CALL)


class LogFile:
    """Among the first addons, so that it hears of what the others do when they start; the last one calls `stop`."""

    def __init__(self, configuration: Configuration, store: Store) -> None:
        self.configuration = configuration
        self.handler: log_file.LogFile | None = None
        store.observers.append(self)

    def running(self) -> None:
        settings = self.configuration.settings.log
        if settings.level == "off" or not self.configuration.is_usable:
            return
        path = places.log_dir(self.configuration.environ) / name_of(ctx.options.mode)
        level = logging.getLevelNamesMapping()[settings.level.upper()]
        try:
            handler = log_file.LogFile(path, level=level, megabytes=settings.megabytes, keep=settings.keep)
        except OSError as error:
            log.warning("%s cannot be written: %s; there is no log file", path, error.strerror)
            return
        self.handler = handler
        logging.getLogger().addHandler(handler)

    def stop(self) -> None:
        if self.handler:
            logging.getLogger().removeHandler(self.handler)
            self.handler.close()
            self.handler = None

    def opened(self, url: str) -> None:
        """Nothing that is in the store already is told again."""

    def see(self, record: Record) -> None:
        if isinstance(record, Completion):
            self.tell("completion", dict(zip(CALL, _values_of_call(record), strict=True)))
        elif isinstance(record, Event):
            self.tell("event", {"kind": record.kind, "of_level": record.level, "session_id": record.session_id})
        elif isinstance(record, Alert):
            self.tell("alert", {"rule": record.rule, "of_level": record.level, "session_id": record.session_id})

    def tell(self, what: str, fields: Mapping[str, Any]) -> None:
        if self.handler:
            self.handler.tell(__name__, what, {name: value for name, value in fields.items() if value is not None})


def name_of(modes: Sequence[str]) -> str:
    """Of the port, so that two proxies with one home do not share a file."""
    ports = [mode.custom_listen_port for mode in map(ProxyMode.parse, modes) if isinstance(mode, RegularMode)]
    return f"proxy-{next((port for port in ports if port), ctx.options.listen_port or 8080)}.jsonl"
