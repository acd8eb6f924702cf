"""Reloading: a changed providers.toml is used from the next request on.

A file that cannot be used leaves the settings as they are, and is told: in the log, with the heartbeat and as an event.
"""

import logging

from addons.domain.events import Event, Level
from addons.domain.scrub import scrub
from addons.domain.settings import SettingsError
from addons.hooks.configuration import Configuration
from addons.hooks.eventloop import EventLoop
from addons.hooks.store import Store, now_ms
from addons.services.settings_watch import SettingsWatch

log = logging.getLogger(__name__)


class Reloading:
    def __init__(self, configuration: Configuration, store: Store, loop: EventLoop) -> None:
        self.configuration = configuration
        self.store = store
        self.loop = loop
        self._watch: SettingsWatch | None = None
        self._error = ""

    def running(self) -> None:
        if self.configuration.is_usable:
            self._watch = SettingsWatch(self.configuration.live.files, self.reload)
            self._watch.start()

    def done(self) -> None:
        if self._watch:
            self._watch.stop()
            self._watch = None

    def reload(self) -> None:
        """On the watch's thread, after each change."""
        try:
            is_new = self.configuration.live.reload()
        except SettingsError as error:
            self._tell(scrub(str(error)))  # it names values, and somebody may have put a key among them
            return
        if is_new:
            self.loop.soon(self.configuration.refresh)
        if is_new or self._error:
            self._tell("")

    def _tell(self, error: str) -> None:
        """One line for each new state of affairs."""
        if error and error == self._error:
            return
        self._error = error
        self.store.show_settings_error(error)
        level = Level.WARNING if error else Level.INFO
        message = f"{error}; the settings in use stay in use" if error else "the settings have changed and are in use"
        log.log(logging.WARNING if error else logging.INFO, "%s", message)
        self.store.submit(Event(at_ms=now_ms(), kind="settings", level=level, message=message))
