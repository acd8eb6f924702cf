"""Where alerts are sent in tests: a web server of one's own that takes, refuses or never answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Sink:
    def __init__(self) -> None:
        self.status = 200
        self.taken: list[dict[str, Any]] = []
        self.came = threading.Semaphore(0)
        """One for each message, also for one that is refused."""
        self.answers = threading.Event()
        """While it is not set, nobody gets an answer."""
        self.answers.set()
        self.url = ""
        """For Apprise."""


@contextmanager
def sink() -> Iterator[Sink]:
    made = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.taken.append(json.loads(body))
            made.came.release()
            made.answers.wait(60)
            self.send_response(made.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    made.url = f"json://127.0.0.1:{server.server_port}/s3cr3t-path"
    try:
        yield made
    finally:
        made.answers.set()
        server.shutdown()
        thread.join()
        server.server_close()
