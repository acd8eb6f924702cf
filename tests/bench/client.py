"""One client on one keep-alive connection through a proxy, timing each answer."""

import http.client
import re
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

WRITTEN_AT = re.compile(rb'"content":"(\d+) "')


@dataclass(frozen=True, slots=True)
class Timing:
    ttfb_ms: float
    """From the first byte of the request written to the first byte of the answer's body read."""
    total_ms: float
    delays_ms: list[float]
    """Of each event: from when the provider wrote it to when it was read here."""


class Client:
    def __init__(self, proxy_port: int, host: str, trusted: Path) -> None:
        context = ssl.create_default_context(cafile=str(trusted))
        self.connection = http.client.HTTPSConnection("127.0.0.1", proxy_port, context=context, timeout=120)
        self.connection.set_tunnel(host, 443)
        self.connection.connect()

    def post(self, path: str, body: bytes, events: int = 20, gap_s: float = 0.0, keep: Path | None = None) -> Timing:
        """`keep`: where the provider puts the body as it arrived."""
        headers = {
            "content-type": "application/json",
            "authorization": "Bearer sk-bench",
            "accept-encoding": "gzip, deflate, br",
            "x-events": str(events),
            "x-gap-s": str(gap_s),
        }
        if keep:
            headers["x-label"] = str(keep)
        start = time.perf_counter()
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        first = response.read1()
        ttfb = time.perf_counter()
        if response.status != 200:
            raise RuntimeError(f"the proxy answered {response.status}: {first[:200]!r}")
        delays = delays_of(first)
        while data := response.read1():
            delays += delays_of(data)
        return Timing((ttfb - start) * 1000, (time.perf_counter() - start) * 1000, delays)

    def close(self) -> None:
        self.connection.close()


def delays_of(data: bytes) -> list[float]:
    now_ns = time.monotonic_ns()
    return [(now_ns - int(written)) / 1e6 for written in WRITTEN_AT.findall(data)]
