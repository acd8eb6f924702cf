"""The notifier: sends alerts to where the person wants them, off the hot path.

Each channel has a thread and a short queue of its own, so that a slow or dead one holds up nobody else. A channel that
fails is tried again a few times, and then left alone for longer and longer; its failure is reported once, with the
alert it failed for, until it has worked again. It raises no alert, which would have to be sent as well.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from addons.domain.alerts.alert import Alert, AlertSent
from addons.services.apprise_channel import AppriseChannel

log = logging.getLogger(__name__)

CAPACITY = 50
"""Alerts that may wait for a channel."""
RETRY_S = (1.0, 5.0)
"""Before the second and the third try of an alert."""
REST_S, MOST_REST_S = 30.0, 3600.0
"""How long a channel that fails is left alone: at first, and at most; each time twice as long."""
FULL = "does not take alerts as fast as they come"


class Deliverer(Protocol):
    name: str

    def deliver(self, alert: Alert) -> str:
        """Why it was not delivered; "" where it was."""


Report = Callable[[AlertSent], object]


class Channel:
    """One deliverer's queue and thread."""

    def __init__(
        self, deliverer: Deliverer, report: Report, *, retry_s: Sequence[float] = RETRY_S, rest_s: float = REST_S
    ) -> None:
        self._deliverer = deliverer
        self._report = report
        self._retry_s = retry_s
        self._first_rest_s = self._rest_s = rest_s
        self._rests_until_s = 0.0
        self._failing = False
        self._waiting: queue.Queue[Alert | None] = queue.Queue(CAPACITY)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"alerts: {deliverer.name}", daemon=True)
        self._thread.start()

    def offer(self, alert: Alert) -> None:
        """Never waits."""
        try:
            self._waiting.put_nowait(alert)
        except queue.Full:
            self._fail(alert, f"{self._deliverer.name} {FULL}")

    def close(self) -> None:
        """What is waiting is not sent any more; the thread ends after what it is doing."""
        self._closing.set()
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return  # it looks at `_closing` after each alert

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (alert := self._waiting.get()) is not None and not self._closing.is_set():
            if time.monotonic() >= self._rests_until_s:
                self._deliver(alert)

    def _deliver(self, alert: Alert) -> None:
        error = self._deliverer.deliver(alert)
        for delay_s in () if self._failing else self._retry_s:
            if not error or self._closing.wait(delay_s):
                break
            error = self._deliverer.deliver(alert)
        if error:
            self._rests_until_s = time.monotonic() + self._rest_s
            self._rest_s = min(MOST_REST_S, 2 * self._rest_s)
            self._fail(alert, error)
            return
        if self._failing:
            log.info("alerts: %s works again", self._deliverer.name)
        self._failing, self._rest_s = False, self._first_rest_s
        self._report(AlertSent(key=alert.key, at_ms=alert.at_ms, sent_at_ms=time.time_ns() // 1_000_000))

    def _fail(self, alert: Alert, error: str) -> None:
        if not self._failing:
            self._failing = True
            log.warning("alerts: %s", error)
            self._report(AlertSent(key=alert.key, at_ms=alert.at_ms, error=error))


class Notifier:
    """`use` and `send` are for one thread."""

    def __init__(self, report: Report, make: Callable[[int, str], Deliverer] = AppriseChannel) -> None:
        """:param report: called from the channels' threads."""
        self._report = report
        self._make = make
        self._urls: tuple[str, ...] = ()
        self._channels: list[Channel] = []

    def use(self, urls: Sequence[str]) -> None:
        """Send to these from now on; does nothing where they are the same."""
        if tuple(urls) == self._urls:
            return
        self.close(0)
        self._urls = tuple(urls)
        self._channels = [Channel(self._make(number, url), self._report) for number, url in enumerate(urls, 1)]

    def send(self, alert: Alert) -> None:
        """Never waits."""
        for channel in self._channels:
            channel.offer(alert)

    def close(self, timeout_s: float) -> None:
        """Waits so long for what is being sent just now; a thread that hangs ends with the process."""
        channels, self._channels, self._urls = self._channels, [], ()
        for channel in channels:
            channel.close()
        until_s = time.monotonic() + timeout_s
        for channel in channels:
            channel.join(max(0.0, until_s - time.monotonic()))
