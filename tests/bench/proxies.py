"""The processes of one run: the provider that answers at once, and the proxies that are compared."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from addons.cli.programs import MEMORY
from addons.domain import places
from addons.services.authority import ensure_authority, issue_server_certificate
from addons.services.simulator.free_port import free_port
from tests.bench.client import Client

HOST = "api.kimi.com"
PATH = "/coding/v1/chat/completions"
REDIRECT = places.ROOT / "addons/services/simulator/redirect.py"
START_TIMEOUT_S, STOP_TIMEOUT_S = 120.0, 90.0
"""For a busy machine."""


@dataclass(frozen=True, slots=True)
class Proxy:
    name: str
    port: int
    pid: int
    trusted: Path
    database: Path

    def client(self) -> Client:
        return Client(self.port, HOST, self.trusted)

    def cpu_s(self) -> float:
        """CPU time the process has used so far, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def upstream(folder: Path) -> Iterator[tuple[int, Path]]:
    """The provider: its port, and the certificate that proxies must trust."""
    authority = ensure_authority(folder / "upstream-ca", (HOST,))
    chain, key = issue_server_certificate(authority, (HOST,), ())
    pem = folder / "upstream.pem"
    pem.write_bytes(key + chain + authority.certificate_file.read_bytes())
    command = [sys.executable, "-m", "tests.bench.upstream", str(pem)]
    process = subprocess.Popen(command, cwd=places.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline()), folder / "upstream-ca" / "mitmproxy-ca-cert.pem"
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)
        process.stdout.close()


@contextmanager
def proxy(
    name: str,
    script: Path,
    folder: Path,
    upstream_port: int,
    upstream_ca: Path,
    settings: str = "",
) -> Iterator[Proxy]:
    """mitmdump with one addon script; all names resolve to this run's provider. `settings`: TOML over the defaults."""
    home, port = folder / name, free_port()
    ensure_authority(home / "ca", (HOST,))
    (home / "providers.toml").write_text(settings, encoding="utf-8")
    own = MEMORY | {
        "KIMI_HOME": str(home),
        "KIMI_DATABASE_URL": f"sqlite:///{home / 'sessions.db'}",
        "KIMI_SIMULATOR_PORT": str(upstream_port),
    }
    options = {"confdir": home / "ca", "ssl_verify_upstream_trusted_ca": upstream_ca, "termlog_verbosity": "warn"}
    command = [str(Path(sys.executable).with_name("mitmdump")), "--listen-host", "127.0.0.1", "-p", str(port)]
    command += [word for key, value in options.items() for word in ("--set", f"{key}={value}")]
    command += ["-s", str(script), "-s", str(REDIRECT)]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=places.ROOT, env=os.environ | own, stdout=log, stderr=log)
        try:
            yield wait(
                Proxy(name, port, process.pid, home / "ca" / "mitmproxy-ca-cert.pem", home / "sessions.db"), process
            )
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)


def wait(target: Proxy, process: subprocess.Popen[bytes]) -> Proxy:
    """The proxy, once a request has gone through it."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            client = target.client()
            client.post(PATH, b'{"model":"kimi-for-coding","messages":[{"role":"user","content":"hi"}],"stream":true}')
            client.close()
            return target
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{target.name} did not start; see its log beside {target.trusted}") from error
            time.sleep(0.1)
