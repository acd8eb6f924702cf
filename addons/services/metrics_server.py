"""Serves one text on the loopback to Prometheus; refuses foreign names and web pages, as the gateway does."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from addons.domain.errors import UserError
from addons.domain.local_names import is_local, is_page

LOOPBACK = "127.0.0.1"
PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TIMEOUT_S = 10.0
"""For a client that connects and says nothing."""


class MetricsServer:
    """`start` and `stop`."""

    def __init__(self, port: int, text: Callable[[], str]) -> None:
        """`text` is called from threads of its own, for each question anew. Port 0: any that is free.

        :raises UserError: if the port is taken.
        """
        try:
            self._server = ThreadingHTTPServer((LOOPBACK, port), _handler(text))
        except OSError as error:
            raise UserError(
                f"port {port} for the metrics is taken on {LOOPBACK} ({error.strerror}); [metrics] port or the option "
                "kimi_metrics_port names another"
            ) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(TIMEOUT_S)


def _handler(text: Callable[[], str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_S
        server_version = "kimi-proxy"
        sys_version = ""

        def do_GET(self) -> None:
            headers = self.headers
            if not is_local(headers.get("Host", "")) or is_page(headers.get("Origin"), headers.get("Sec-Fetch-Site")):
                self._answer(403, "the metrics are for programs on this machine\n")
            elif self.path.partition("?")[0] != PATH:
                self._answer(404, f"the metrics are at {PATH}\n")
            else:
                self._answer(200, text())

        def _answer(self, status: int, body: str) -> None:
            encoded = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE if status == 200 else "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(encoded)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *_: object) -> None:
            """A question every few seconds is no news."""

    return Handler
