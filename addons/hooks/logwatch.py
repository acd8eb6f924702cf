"""LogWatch: what Continue's own logs tell, as events and beside the calls it belongs to.

All of it happens on the tail's thread; a record of a call and what the log says of it meet in the recorder.
"""

import time
from pathlib import Path

from addons.domain import places
from addons.domain.continue_log import FORMATS, Held, LogEvent, LogKind, as_event
from addons.domain.events import Event
from addons.domain.logged_usage import LoggedUsage
from addons.domain.settings import Settings
from addons.hooks.configuration import Configuration
from addons.hooks.store import Store
from addons.services.logtail import LogTail, Source


class LogWatch:
    def __init__(self, configuration: Configuration, store: Store) -> None:
        self.configuration = configuration
        self.store = store
        self.held = Held()
        self._tail: LogTail | None = None

    def running(self) -> None:
        if self.configuration.is_usable:
            self._tail = LogTail(self.sources, self.take)
            self._tail.start()

    def done(self) -> None:
        if self._tail:
            self._tail.stop()
            self._tail = None
            self.submit(self.held.all())

    def sources(self) -> list[Source]:
        """The logs that are switched on now."""
        wanted = self.configuration.settings.ide_log
        folder = (
            Path(wanted.continue_dir).expanduser()
            if wanted.continue_dir
            else places.continue_dir(self.configuration.environ)
        )
        return [Source(form, folder) for form in FORMATS if getattr(wanted, form.key)]

    def take(self, events: list[LogEvent]) -> None:
        """What is new in the logs, maybe nothing; called at least once a second."""
        now_ms = time.monotonic_ns() // 1_000_000
        for event in events:
            self.held.add(event, now_ms)
        self.submit(self.held.due(now_ms))

    def submit(self, events: list[LogEvent]) -> None:
        for event in events:
            self.store.submit(record_of(event, self.configuration.settings))


def record_of(event: LogEvent, settings: Settings) -> LoggedUsage | Event:
    if event.kind is not LogKind.USAGE:
        return as_event(event)
    return LoggedUsage(
        at_ms=event.at_ms,
        model=event.model,
        provider=provider_of(event, settings),
        prompt_tokens=event.prompt_tokens,
        completion_tokens=event.generated_tokens,
    )


def provider_of(event: LogEvent, settings: Settings) -> str:
    """The key of the only provider with that model, else of the one that Continue names, else empty."""
    having = [key for key, provider in settings.providers.items() if provider.model(event.model)]
    if len(having) == 1:
        return having[0]
    return event.provider if event.provider in having else ""
