"""The recorder: takes records without ever waiting, and writes them from one thread.

Everything that is recorded in a quarter of a second goes into one transaction, with the counters it changes. When the
store cannot be written, the batch is kept and tried again while the backlog fills; a record that cannot be written
itself is left out and the others are kept. What is lost is counted in the heartbeat, and told in one event when there
is room again. Nothing here can raise into the traffic.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from addons.domain.events import STORE_KIND, Event, Level
from addons.domain.settings.retention import Retention
from db import heartbeats, writing
from db.backlog import Backlog
from db.batches import Mark
from db.deletions import Change, Deletions
from db.gone import Gone, Watch
from db.heartbeats import Heartbeat
from db.hiding import UNDO_MS
from db.housekeeping import Housekeeping
from db.opened import Opened
from db.settling import Settling
from db.text import safe, storable

log = logging.getLogger(__name__)

INTERVAL_S = 0.2
"""Between two batches; with the time a batch takes to write, a record is on disk within 0.25 s."""
BATCH = 1_000
"""Records in one transaction: some tens of milliseconds, so that other writers are not kept waiting."""
HEARTBEAT_MS = 1_000
SETTINGS_ERROR_LIMIT = 2_000
"""Characters."""
CLOSING_RETRY_S = 0.1
"""Between tries while `close` waits."""


class Recorder:
    """`start`, then `submit` from any thread, then `close`."""

    settings_error: str = ""
    """Shown with the heartbeat: why a changed providers.toml is not in use."""

    def __init__(
        self,
        url: str,
        *,
        proxy_id: str,
        listen: str = "",
        version: str = "",
        capacity: int = 10_000,
        clock_ms: Callable[[], int],
    ) -> None:
        self._url = url
        self._proxy_id = proxy_id
        # A heartbeat that could not be stored would take every batch with it.
        self._listen = storable(listen, 200)
        self._version = storable(version, 40)
        self._watch = Watch(proxy_id)
        self.undo_ms: Callable[[], int] = lambda: UNDO_MS
        """How long a deleted session can be restored. Called from the recorder's thread."""
        self.retention: Callable[[], Retention] = Retention
        """How long what is kept; likewise."""
        self.waiting: Callable[[], str] = lambda: "[]"
        """Shown with the heartbeat: the requests that wait now, as JSON. Called from the recorder's thread."""
        self.told: Callable[[Event], None] = lambda event: None
        """Sees what the recorder itself has to tell, and records. Called from the recorder's thread."""
        self.managed: Callable[[Change], None] = lambda change: None
        """Sees what was deleted and restored, by this proxy or another. Called from the recorder's thread."""
        self._deletions = Deletions()
        self._clock_ms = clock_ms
        self._backlog = Backlog(capacity)
        self._hurry = threading.Event()
        self._closing = threading.Event()
        self._give_up_at_s = float("inf")
        self._thread: threading.Thread | None = None
        self._started_at_ms = 0
        self._stopped = False
        self._beat_at_ms: int | None = None
        self._lost_before = 0
        self._lost_told = 0
        self._mark = Mark(proxy_id)

    def start(self) -> None:
        """Brings the schema up to date and starts writing; what was submitted earlier is written too.

        :raises UserError: if the store cannot be used.
        """
        if self._thread is not None:
            return
        opened = Opened(self._url, self._tell)
        self._started_at_ms = self._clock_ms()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="recorder", daemon=True)
        self._thread.start()

    @property
    def queued(self) -> int:
        """Records that wait to be written."""
        return len(self._backlog)

    @property
    def lost(self) -> int:
        """Records since the start that will never be written."""
        return self._backlog.lost

    def submit(self, record: object) -> bool:
        """False where there was no room, or the recorder is closed. Never waits, never raises."""
        if self._closing.is_set():
            self._backlog.lose(1)
            return False
        return self._backlog.add(record)

    def flush(self, timeout_s: float) -> bool:
        """Waits until all that was submitted before is on disk; False if it was not in time."""
        marker = self._backlog.mark()
        self._hurry.set()
        return marker.done.wait(timeout_s)

    def close(self, timeout_s: float) -> None:
        """Writes what is waiting, says in the heartbeat that the proxy has stopped, and ends. Again: does nothing."""
        self._give_up_at_s = min(self._give_up_at_s, time.monotonic() + timeout_s)
        self._closing.set()
        self._hurry.set()
        if self._thread is None:
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            log.error("recorder: %d records were not written in %g s", len(self._backlog), timeout_s)

    def _run(self, opened: Opened) -> None:
        settling = Settling(lambda part: self._commit(opened, part), self._pause, self._tell_recovery)
        housekeeping = Housekeeping(
            opened.begin, lambda: self.undo_ms(), look=opened.look, retention=lambda: self.retention()
        )
        try:
            while True:
                closing = self._closing.is_set()  # looked at first: what was submitted before it is written
                self._write_waiting(settling)
                if closing:
                    opened.look()  # while it is known to be ours: the next start would refuse what is no database
                    break
                housekeeping.keep(self._clock_ms())
                self._hurry.wait(INTERVAL_S)
                self._hurry.clear()
            if time.monotonic() < self._give_up_at_s:
                self._stopped = True
                settling.settle([])
                self._write_waiting(settling)  # what there was to tell of that
        finally:
            opened.close()

    def _write_waiting(self, settling: Settling) -> None:
        """Batch by batch until nothing waits; only the heartbeat, where that is all there is."""
        batch: list[object] = list(self._losses_to_tell())
        while True:
            found, markers = self._backlog.take(BATCH)
            batch += found
            if batch or self._beat_is_due():
                self._backlog.lose(settling.settle(batch))
            self._backlog.settled()
            for marker in markers:
                marker.done.set()
            if not len(self._backlog):
                return
            batch = []

    def _commit(self, opened: Opened, part: Sequence[object]) -> None:
        now_ms = self._clock_ms()
        beats = self._stopped or self._beat_is_due()
        gone: Sequence[Gone] = ()
        change = Change((), ())
        with opened.begin() as tx:
            if part and self._mark.is_new(tx, part):
                writing.write(tx, part, self._proxy_id)
            if beats:
                heartbeats.write(tx, self._heartbeat(now_ms))
                self._watch.sign(tx)
                gone = self._watch.find(tx, now_ms)
                change = self._deletions.look(tx)
        self._mark.forget()
        if beats:
            self._beat_at_ms = now_ms
        for each in gone:
            self._tell(each.message)
        if change.gone or change.back:
            self.managed(change)

    def _beat_is_due(self) -> bool:
        """Also after the clock was set back: the pages would take the proxy for dead until it has caught up."""
        return self._beat_at_ms is None or abs(self._clock_ms() - self._beat_at_ms) >= HEARTBEAT_MS

    def _heartbeat(self, now_ms: int) -> Heartbeat:
        return Heartbeat(
            proxy_id=self._proxy_id,
            started_at_ms=self._started_at_ms,
            seen_at_ms=now_ms,
            stopped_at_ms=now_ms if self._stopped else None,
            listen=self._listen,
            version=self._version,
            queued=len(self._backlog),
            dropped=self._backlog.lost,
            settings_error=safe(self.settings_error, SETTINGS_ERROR_LIMIT),
            waiting=self.waiting(),
        )

    def _tell(self, message: str) -> None:
        event = Event(at_ms=self._clock_ms(), kind=STORE_KIND, level=Level.WARNING, message=message)
        log.warning("recorder: %s", message)
        self._backlog.add(event)
        self.told(event)

    def _tell_recovery(self, reason: str, seconds: float) -> None:
        lost = self._backlog.lost - self._lost_told
        kept = f"{lost} records were lost" if lost else "what was recorded meanwhile has been kept"
        self._tell(f"The store could not be written for {seconds:.0f} s ({reason}); {kept}")

    def _losses_to_tell(self) -> list[Event]:
        """One event for an episode: when a whole interval has passed without a further loss."""
        lost, self._lost_before, before = self._backlog.lost, self._backlog.lost, self._lost_before
        if lost == self._lost_told or lost != before:
            return []
        untold, self._lost_told = lost - self._lost_told, lost
        message = f"{untold} records were lost: too many were waiting, or they could not be stored"
        return [
            Event(
                at_ms=self._clock_ms(), kind="dropped", level=Level.WARNING, message=message, data={"records": untold}
            )
        ]

    def _pause(self, delay_s: float) -> bool:
        """Between two tries; False when `close` waits no longer."""
        left_s = self._give_up_at_s - time.monotonic()
        if left_s <= 0:
            return False
        if self._closing.is_set():
            time.sleep(min(CLOSING_RETRY_S, left_s))
        else:
            self._closing.wait(min(delay_s, left_s))
        return True
