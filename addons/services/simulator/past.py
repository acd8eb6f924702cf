"""A mitmdump script (`-s`) for the demo: its proxy's clock goes as many seconds behind as the player says.

So days of work are played in a minute and stand in the store with the times they would have had. Only the wall clock is
moved, and only in this process: what waits or measures goes by the monotonic one, or stays within one request.
"""

import time

from mitmproxy import http

from addons.services.simulator.hosts import PAST

_now_s, _now_ns = time.time, time.time_ns


class Past:
    def __init__(self) -> None:
        self._behind_s = 0

    def load(self, loader: object) -> None:
        time.time = lambda: _now_s() - self._behind_s
        time.time_ns = lambda: _now_ns() - self._behind_s * 1_000_000_000

    def done(self) -> None:
        time.time, time.time_ns = _now_s, _now_ns

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        if flow.request.host == PAST:
            self._behind_s = int(flow.request.path.lstrip("/"))
            flow.response = http.Response.make(204)


addons = [Past()]
