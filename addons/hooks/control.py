"""Control: carries out what the person changes and asks for in the dashboard.

The inbox notices it on a thread of its own, which may wait for the database; what the traffic uses is changed on the
event loop.
"""

from collections.abc import Callable, Mapping
from typing import Any

from addons.domain.errors import UserError
from addons.hooks.configuration import Configuration
from addons.hooks.eventloop import EventLoop
from addons.hooks.store import Store
from db.inbox import Inbox

Handler = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Gets a command's payload on the inbox's thread, and answers what the page shows; UserError: why it is not done."""


class Control:
    def __init__(
        self, configuration: Configuration, store: Store, loop: EventLoop, handlers: Mapping[str, Handler]
    ) -> None:
        """`handlers`: by kind of command."""
        self.configuration = configuration
        self.store = store
        self.loop = loop
        self.handlers = handlers
        self.inbox: Inbox | None = None

    def running(self) -> None:
        if not self.store.is_open:
            return  # as was said
        self.inbox = Inbox(
            self.configuration.database_url,
            on_settings=self.use_settings,
            on_command=self.carry_out,
            proxy_id=self.store.proxy_id,
        )
        self.inbox.start()

    def done(self) -> None:
        if self.inbox:
            self.inbox.close()
            self.inbox = None

    def use_settings(self, values: Mapping[str, object]) -> Mapping[str, str]:
        """By their paths in providers.toml; None gives way to what the files say. The reasons of those not used."""
        errors = self.configuration.live.change(values)
        self.loop.soon(self.configuration.refresh)
        return errors

    def carry_out(self, kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        handler = self.handlers.get(kind)
        if handler is None:
            raise UserError(f"This proxy has no command {kind!r}; it has {', '.join(sorted(self.handlers))}.")
        return handler(payload)
