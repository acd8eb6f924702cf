"""Metrics: figures for Prometheus, on a port of their own where one is set."""

import logging
import platform
import queue
import threading
import time

from mitmproxy import ctx, http, version

from addons.domain.errors import UserError
from addons.domain.metrics.traffic import Traffic
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchanges
from addons.hooks.pacing import Pacing
from addons.hooks.store import Record, Store
from addons.services.metrics_server import MetricsServer
from db.version import HEAD

log = logging.getLogger(__name__)

CAPACITY = 100_000
"""Records between two questions of Prometheus; they are counted when it asks, so that recording one stays cheap."""


class Metrics:
    def __init__(self, configuration: Configuration, exchanges: Exchanges, store: Store, pacing: Pacing) -> None:
        self.configuration = configuration
        self.exchanges = exchanges
        self.store = store
        self.pacing = pacing
        self.server: MetricsServer | None = None
        self._seen: queue.SimpleQueue[Record] = queue.SimpleQueue()
        self._traffic = Traffic()
        self._lock = threading.Lock()
        """Around `_traffic`; never waited for by whoever records something."""
        self._under_way: set[str] = set()
        """Flows by their id."""
        store.observers.append(self)

    def running(self) -> None:
        port = ctx.options.kimi_metrics_port or self.configuration.settings.metrics.port
        if not port or not self.configuration.is_usable:
            return
        self._traffic.started.set(time.time())
        self._traffic.build.set(1, HEAD, version.VERSION, platform.python_version())
        try:
            self.server = MetricsServer(port, self.text)
        except UserError as error:
            log.error("%s", error)  # mitmdump ends with status 1 when an error is logged while it starts
            return
        self.server.start()
        log.info("metrics: http://127.0.0.1:%d/metrics", self.server.port)

    def done(self) -> None:
        if self.server:
            self.server.stop()
            self.server = None

    def opened(self, url: str) -> None:
        """What is in the store already is not counted: counters begin with the process."""

    def see(self, record: Record) -> None:
        if self.server is None:
            return
        self._seen.put(record)
        if self._seen.qsize() > CAPACITY and self._lock.acquire(blocking=False):  # nobody has asked for long
            try:
                self._count()
            finally:
                self._lock.release()

    def request(self, flow: http.HTTPFlow) -> None:
        if self.server and self.exchanges.of(flow):
            self._under_way.add(flow.id)

    def response(self, flow: http.HTTPFlow) -> None:
        self._under_way.discard(flow.id)

    def error(self, flow: http.HTTPFlow) -> None:
        self._under_way.discard(flow.id)

    def text(self) -> str:
        """On a thread of the server."""
        traffic = self._traffic
        with self._lock:
            self._count()
            traffic.queued.set(self.store.recorder.queued if self.store.recorder else 0)
            traffic.lost(self.store.lost)
            traffic.in_flight.set(len(self._under_way))
            traffic.waiting.set(len(self.pacing.pacer.waiting()) if self.pacing.pacer else 0)
            return traffic.text()

    def _count(self) -> None:
        try:
            while True:
                self._traffic.see(self._seen.get_nowait())
        except queue.Empty:
            return
