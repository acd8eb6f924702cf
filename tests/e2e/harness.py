"""The real product as a process: mitmdump with our addons, whose providers are the simulator.

It is started with the very command of `./just up`; besides, mitmdump gets the redirecting script and the simulator's
certificate authority. Everything it writes lies in one folder.
"""

import os
import signal
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from addons.cli import programs
from addons.domain import places
from addons.domain.usage import Usage, UsageSource
from addons.services import settings_files
from addons.services.authority import ensure_authority
from addons.services.simulator.free_port import free_port
from addons.services.simulator.received import Received
from addons.services.simulator.redirect import PORT_VARIABLE
from addons.services.simulator.server import Simulator

READY_S = 120.0
"""mitmdump needs 2 s, on a busy machine ten times as long."""
ROWS_S = 60.0
"""A record is written within a quarter of a second; the rest is for a busy machine."""
STOP_S = 60.0
"""The proxy gives its last records 5 s."""
REDIRECT = places.ROOT / "addons" / "services" / "simulator" / "redirect.py"
INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
"""What the processes get of this one's environment: no proxy settings, no keys, no home."""

Row = dict[str, Any]


class Product:
    """The proxy and the gateway of one run."""

    def __init__(self, folder: Path, simulator: Simulator, environ: Mapping[str, str] | None = None) -> None:
        self.folder, self.simulator = folder, simulator
        self.home, self.database, self.log = folder / "kimi", folder / "sessions.db", folder / "mitmdump.log"
        self.environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "HOME": str(folder / "home"),
            "KIMI_HOME": str(self.home),
            "KIMI_DATABASE_URL": f"sqlite:///{self.database}",
            "CONTINUE_GLOBAL_DIR": str(folder / "continue"),
            PORT_VARIABLE: str(simulator.port),
            **(environ or {}),
        }
        self.ports = programs.Ports(*(free_port() for _ in range(3)))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def authority(self) -> Path:
        """What clients of the proxy must trust (PEM)."""
        return places.authority_certificate(self.environ)

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.proxy}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.gateway}"

    def start(self) -> None:
        """Returns when it listens and records.

        :raises RuntimeError: with what it printed, if it does not.
        """
        (self.folder / "home").mkdir(parents=True, exist_ok=True)
        self.home.mkdir(exist_ok=True)
        (self.home / "providers.toml").write_text(self.unlimited(), encoding="utf-8")
        authority = ensure_authority(places.authority_dir(self.environ), settings_files.load(self.environ).hosts())
        options = ("-s", str(REDIRECT), "--set", f"ssl_verify_upstream_trusted_ca={self.simulator.authority}")
        program = programs.proxy(self.ports, authority.directory, options=options)
        began_ms = round(time.time() * 1000)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                program.command, cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + READY_S
        while not (programs.accepts(self.ports.proxy) and self._records(began_ms)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise RuntimeError(f"mitmdump did not start (status {self.process.returncode}):\n{self.output()}")
            time.sleep(0.05)

    def unlimited(self) -> str:
        """Settings under which no test waits for a provider's rate limit.

        The simulator's refusals name limits, which one test would teach and the next would have to wait for.
        """
        return "[pacing]\nenabled = false\n"

    def _records(self, began_ms: int) -> bool:
        """Whether this proxy has opened the store; mitmdump listens a moment before. Until then another's may be in its
        place, or a damaged one.
        """
        try:
            return bool(self.query("SELECT proxy_id FROM heartbeat WHERE started_at_ms >= ?", began_ms))
        except sqlite3.DatabaseError:
            return False

    def stop(self, number: int = signal.SIGTERM, timeout_s: float = STOP_S) -> int:
        """Its exit status; a process that ignores the signal is killed, and that is an error."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def query(self, sql: str, *values: object) -> list[Row]:
        """Rows of the store, read beside the running product."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=60)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def completions(self, after: int = 0) -> list[Row]:
        return self.query("SELECT * FROM completions WHERE id > ? ORDER BY id", after)


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways in."""

    product: Product
    gateway: bool

    def base_url(self, provider: str, host: str, base_path: str) -> str:
        """What a client is given as the provider's base URL."""
        return f"{self.product.gateway_url}/{provider}" if self.gateway else f"https://{host}{base_path}"

    def client_options(self) -> dict[str, Any]:
        """Of an httpx client; nothing is taken from this process's environment.

        The gateway has no TLS, but a client that is told nothing reads all authorities of the web first, in 30 ms.
        """
        options: dict[str, Any] = {"verify": self.product.context, "trust_env": False, "timeout": 60}
        return options if self.gateway else options | {"proxy": self.product.proxy_url}

    def client(self) -> httpx.Client:
        return httpx.Client(**self.client_options())


@dataclass(slots=True)
class Case:
    """One test's share of a running product: the requests and rows since its beginning."""

    product: Product
    simulator: Simulator
    first_row: int = field(default=0)

    def received(self, count: int = 1) -> list[Received]:
        """Exactly so many requests, each answered to its end or broken off."""
        found = self.simulator.inbox.wait(count, ended=True)
        assert len(found) == count, [f"{request.host}{request.path}" for request in found]
        return found

    def begin(self) -> None:
        self.simulator.inbox.clear()
        self.simulator.script.replace(())
        rows = self.product.query("SELECT max(id) AS newest FROM completions")
        self.first_row = rows[0]["newest"] or 0

    def rows(self, count: int, timeout_s: float = ROWS_S) -> list[Row]:
        """Exactly so many new rows, as soon as they are there.

        :raises AssertionError: if there are fewer after the time, or more.
        """
        deadline = time.monotonic() + timeout_s
        while len(rows := self.product.completions(self.first_row)) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(rows) == count, [(row["provider"], row["kind"], row["outcome"]) for row in rows]
        return rows


def recorded_usage(row: Row, claim: Usage | None) -> Usage | None:
    """A row's counts, to be compared with what the simulator claimed; the cost only where it claimed one."""
    if row["usage_source"] != UsageSource.REPORTED:
        return None
    return Usage(
        prompt_tokens=row["prompt_tokens"],
        cached_tokens=row["cached_tokens"],
        completion_tokens=row["completion_tokens"],
        reasoning_tokens=row["reasoning_tokens"],
        cost_usd=row["cost_usd"] if claim and claim.cost_usd is not None else None,
    )
