"""Store: the recorder's life inside the proxy.

Threads start in `running` and end in `done`, because mitmproxy may load this addon without running it. SIGHUP, which
mitmproxy does not handle, stops the proxy as SIGTERM does, so that nothing recorded is lost when a terminal closes.
"""

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeAlias

from mitmproxy import ctx

from addons.domain.alerts.alert import Alert, AlertSent
from addons.domain.calibration import Calibration
from addons.domain.completion import Completion
from addons.domain.compression.summary import Summary
from addons.domain.decisions import Decision, Original
from addons.domain.errors import UserError
from addons.domain.events import Event
from addons.domain.logged_usage import LoggedUsage
from addons.domain.memory import MemorySeen
from addons.domain.pacing.limit import LimitSeen
from addons.domain.routes import SessionRoute
from addons.domain.sessions import SessionIndex, SessionState
from addons.domain.true_windows import TrueWindow
from addons.hooks.configuration import Configuration
from db.deletions import Change
from db.engine import opened, reader
from db.queries.states import recent_states, states_within
from db.recorder import Recorder

log = logging.getLogger(__name__)

Record: TypeAlias = (
    Completion
    | SessionState
    | Event
    | Decision
    | Original
    | Summary
    | LoggedUsage
    | LimitSeen
    | MemorySeen
    | Calibration
    | SessionRoute
    | TrueWindow
    | Alert
    | AlertSent
)


class Observer(Protocol):
    """Sees what is recorded. Neither may wait or raise."""

    def opened(self, url: str) -> None:
        """Called once the store can be read and written, before anything is recorded."""

    def see(self, record: Record) -> None:
        """On the thread of whoever submitted it."""


REMEMBERED_MS = 30 * 24 * 3600 * 1000
REMEMBERED_SESSIONS = 2_000
"""How many sessions, and how long ago, are recognised again after a restart."""
CLOSE_TIMEOUT_S = 5.0


class Store:
    def __init__(self, configuration: Configuration, sessions: SessionIndex) -> None:
        self.configuration = configuration
        self.sessions = sessions
        self.proxy_id = f"p-{secrets.token_hex(4)}"
        self.recorder: Recorder | None = None
        self.observers: list[Observer] = []

    def running(self) -> None:
        if not self.configuration.is_usable:
            return
        url = self.configuration.database_url
        if user := self.configuration.settings.team.user:
            self.proxy_id = f"{user}-{secrets.token_hex(4)}"
        listen = ", ".join(str(mode) for mode in ctx.options.mode)
        recorder = Recorder(url, proxy_id=self.proxy_id, listen=listen, clock_ms=now_ms)
        recorder.told = self.show
        recorder.undo_ms = self.undo_ms
        recorder.managed = partial(self.follow, url, asyncio.get_running_loop())
        recorder.retention = lambda: self.configuration.settings.retention
        try:
            recorder.start()
            self.recorder = recorder
            self.sessions.load(remembered(url))
        except UserError as error:
            log.error("%s", error)  # mitmdump ends with status 1 when an error is logged while it starts
            return
        for observer in self.observers:
            observer.opened(url)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, ctx.master.shutdown)

    def done(self) -> None:
        if self.recorder:
            self.recorder.close(CLOSE_TIMEOUT_S)
            self.recorder = None

    @property
    def is_open(self) -> bool:
        return self.recorder is not None

    def submit(self, record: Record) -> bool:
        """Hand a record to the writer; False where it will not be written. Never waits, never raises."""
        if self.recorder is None:
            return False
        self.show(record)
        return self.recorder.submit(record)

    def show(self, record: Record) -> None:
        """To all observers; the recorder's own events come from its thread."""
        for observer in self.observers:
            observer.see(record)

    @property
    def lost(self) -> int:
        """Records that were not written and never will be."""
        return self.recorder.lost if self.recorder else 0

    def follow(self, url: str, loop: asyncio.AbstractEventLoop, change: Change) -> None:
        """Sessions that were deleted, also by another proxy's command, are continued here no more; restored ones are
        again. On the recorder's thread.
        """
        for session_id in change.gone:
            loop.call_soon_threadsafe(self.sessions.forget, session_id)
        with opened(reader, url) as engine:
            for session_id in change.back:
                loop.call_soon_threadsafe(self.sessions.load_missing, states_within(engine, session_id))

    def undo_ms(self) -> int:
        """How long a deleted session can be restored."""
        return round(self.configuration.settings.sessions.undo_hours * 3_600_000)

    def show_waiting(self, waiting: Callable[[], str]) -> None:
        """Show with each heartbeat who waits for a rate limit, as JSON; called from the recorder's thread."""
        if self.recorder:
            self.recorder.waiting = waiting

    def show_settings_error(self, error: str) -> None:
        """Show with the heartbeat why a changed providers.toml is not in use; "" where it is."""
        if self.recorder:
            self.recorder.settings_error = error


def remembered(url: str) -> list[SessionState]:
    """:raises UserError: if the store cannot be used."""
    with opened(reader, url) as engine:
        return recent_states(engine, now_ms() - REMEMBERED_MS, REMEMBERED_SESSIONS)


def now_ms() -> int:
    return time.time_ns() // 1_000_000
