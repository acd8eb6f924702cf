"""Alerting: looks at what is recorded, and tells the person what needs telling.

On a thread of its own, which looks by itself every quarter of a second: waking it with each record would cost the
request more than all its looking does. Alerts are stored, shown in the proxy's own log at mitmproxy's ALERT level, and
sent to where the person wants them.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec

from mitmproxy.log import ALERT

from addons.domain.alerts.alarms import REMEMBERED_MS, Alarms, Raised
from addons.domain.alerts.budget import Spending, has_budget
from addons.domain.completion import Completion
from addons.domain.errors import UserError
from addons.domain.events import Event, Level
from addons.domain.pacing.limit import LimitSeen
from addons.hooks.configuration import Configuration
from addons.hooks.store import Record, Store, now_ms
from addons.services.notifier import Notifier
from db.acknowledging import acknowledge
from db.engine import opened, reader, writer
from db.queries import alerts as queries
from db.queries.reading import StoreUnavailable, answering

log = logging.getLogger(__name__)

P = ParamSpec("P")

URLS = "KIMI_ALERT_URLS"
CAPACITY = 10_000
"""Records that may wait to be looked at."""
LOOK_S = 0.25
"""Between two looks."""
BUDGET_S = 5.0
"""From a completion to a look at what has been spent: by then it has been written."""
CLOSE_S = 2.0
LEVELS = tuple(Level)
"""In rising order."""


class Alerting:
    """Stands before the store in the list of addons, so that it hands in its last alerts before that is closed."""

    def __init__(self, configuration: Configuration, store: Store) -> None:
        self.configuration = configuration
        self.store = store
        self.alarms = Alarms()
        self.notifier = Notifier(store.submit)
        self.handlers = {"acknowledge_alert": self.acknowledge}
        self._seen: deque[Completion | Event | LimitSeen] = deque()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._lost = 0
        self._budget_due_s: float | None = 0.0
        """By time.monotonic(); None: nothing has been spent since the last look."""
        store.observers.append(self)

    def opened(self, url: str) -> None:
        try:
            with answering(), opened(reader, url) as engine, engine.connect() as tx:
                since_ms = now_ms() - REMEMBERED_MS
                self.alarms.load(queries.last_times(tx, since_ms), queries.fills(tx, since_ms))
        except StoreUnavailable as error:
            log.warning("alerts: what was told before is not known: %s", error)
        self._closing.clear()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)
        self._thread.start()

    def see(self, record: Record) -> None:
        """Also before the thread runs: what the store met when it was opened is told too.

        So many at once that they find no room are not looked at: nothing but an alert is lost.
        """
        if isinstance(record, Completion | Event | LimitSeen) and len(self._seen) < CAPACITY:
            self._seen.append(record)

    def done(self) -> None:
        """What was recorded last is still looked at and stored; what a channel has not begun to send is not sent."""
        if self._thread:
            self._closing.set()
            self._thread.join(CLOSE_S)
            if self._thread.is_alive():
                log.warning("alerts: %d records were not looked at", len(self._seen))
            self._thread = None
            self.notifier.close(CLOSE_S)

    def acknowledge(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Gets {"alert_id": 7} or {"all": true}, answers how many were open: {"acknowledged": 1}."""
        alert_id = payload.get("alert_id")
        if payload.get("all") is not True and (not isinstance(alert_id, int) or isinstance(alert_id, bool)):
            raise UserError(f"alert_id is {alert_id!r}; expected the number of an alert, or all: true.")
        with opened(writer, self.configuration.database_url) as engine:
            return {"acknowledged": acknowledge(engine, None if payload.get("all") is True else alert_id, now_ms())}

    def _run(self) -> None:
        closing = False
        while not closing:
            closing = self._closing.wait(LOOK_S)  # asked before the look: what was seen until then is looked at
            self._guarded(self._look_around)  # first: it plans no other look at what these records have spent
            while self._seen:
                self._guarded(self._look, self._seen.popleft())

    def _guarded(self, function: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Exception:
            log.exception("alerts: something could not be looked at")

    def _look(self, record: Completion | Event | LimitSeen) -> None:
        if isinstance(record, Completion) and self._budget_due_s is None:
            self._budget_due_s = time.monotonic() + BUDGET_S
        self._tell(self.alarms.see(record, self.configuration.settings))

    def _look_around(self) -> None:
        settings = self.configuration.settings
        if (lost := self.store.lost) > self._lost:
            self._tell(self.alarms.lost(lost - self._lost, settings, now_ms()))
            self._lost = lost
        due_s = self._budget_due_s
        if due_s is not None and time.monotonic() >= due_s and has_budget(settings.alerts):
            self._budget_due_s = None
            now = now_ms()
            for spending in self._spendings(now):
                self._tell(self.alarms.spent(spending, settings, now))

    def _spendings(self, now: int) -> Iterator[Spending]:
        try:
            with answering(), opened(reader, self.configuration.database_url) as engine, engine.connect() as tx:
                for period, begun, since_ms in periods(now):
                    spent = queries.spent(tx, since_ms)
                    yield Spending(period, begun, spent.usd, spent.tokens)
        except (StoreUnavailable, UserError) as error:
            self._budget_due_s = time.monotonic() + BUDGET_S
            log.info("alerts: what was spent is not known: %s", error)

    def _tell(self, raised: list[Raised]) -> None:
        settings = self.configuration.settings.alerts
        for each in raised:
            alert = each.alert
            self.store.submit(alert)
            if not each.is_told:
                continue
            log.log(ALERT, "%s: %s", alert.level, alert.message)
            if LEVELS.index(alert.level) >= LEVELS.index(Level(settings.send_from)):
                own = self.configuration.environ.get(URLS, "").split()
                self.notifier.use(own or settings.urls)
                self.notifier.send(alert)


def periods(now: int) -> Iterator[tuple[str, str, int]]:
    """The day and the month of that time, in the proxy's time zone: what it is, its name, and when it began in ms."""
    local = time.localtime(now / 1000)
    for period, form, day in (("day", "%Y-%m-%d", local.tm_mday), ("month", "%Y-%m", 1)):
        begun_s = time.mktime((local.tm_year, local.tm_mon, day, 0, 0, 0, 0, 0, -1))
        yield period, time.strftime(form, local), round(begun_s * 1000)
