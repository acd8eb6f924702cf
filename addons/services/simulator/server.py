"""The simulated providers as a TLS server on the loopback, in a thread of this process."""

import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import uvicorn

from addons.services.authority import CERTIFICATE_FILE, ensure_authority, issue_server_certificate
from addons.services.simulator.application import Application
from addons.services.simulator.claims import PrefixCache
from addons.services.simulator.free_port import LISTEN
from addons.services.simulator.hosts import NAMES
from addons.services.simulator.received import Inbox
from addons.services.simulator.script import Answer, Script
from addons.services.simulator.wire import Protocol


class Simulator:
    """`with Simulator() as simulator:` serves every provider at `https://127.0.0.1:{port}`, told apart by Host."""

    def __init__(
        self,
        directory: Path | None = None,
        *,
        port: int = 0,
        default: Answer | None = None,
        record: Path | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Port 0: any free one. `directory` holds the certificate; without one, a temporary folder does."""
        self._temporary = None if directory else tempfile.TemporaryDirectory(prefix="simulator-")
        self.directory = directory or Path(self._temporary.name if self._temporary else "")
        self.inbox = Inbox(file=record)
        self.script = Script(default=default)
        self.cache = PrefixCache(now_s)
        self._wanted_port = port
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Simulator":
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def authority(self) -> Path:
        """The certificate that clients must trust (PEM)."""
        return self.directory / CERTIFICATE_FILE

    def start(self) -> None:
        """Listens when it returns.

        :raises OSError: if the port is taken.
        """
        self._make_certificate()
        self._socket = socket.create_server((LISTEN, self._wanted_port), backlog=256)
        # As providers do, and what is accepted inherits it: else the second half of an answer waits 40 ms for the
        # client to acknowledge the first.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=10)
            self._thread = None
        if self._temporary is not None:
            self._temporary.cleanup()

    def _make_certificate(self) -> None:
        """One certificate for all providers, signed by an authority of the simulator's own."""
        authority = ensure_authority(self.directory, NAMES, permitted_ips=(LISTEN,))
        certificate, key = issue_server_certificate(authority, NAMES, (LISTEN,))
        self._certificate, self._key = self.directory / "server.pem", self.directory / "server.key"
        self._certificate.write_bytes(certificate)
        self._key.touch(mode=0o600)
        self._key.write_bytes(key)

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            Application(self.inbox, self.script, self.cache),
            http=Protocol,
            loop="asyncio",  # whose connections can be broken as a provider's break
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # uvicorn reports every answer that is cut on purpose as an error
            access_log=False,
            server_header=False,
            ssl_certfile=self._certificate,
            ssl_keyfile=self._key,
            timeout_keep_alive=120,
            timeout_graceful_shutdown=1,
        )
