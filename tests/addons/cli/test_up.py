"""`./just up` as a person meets it: real proxy, real dashboard, one signal to stop both."""

import base64
import contextlib
import hashlib
import ipaddress
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from addons.cli import programs, up
from addons.cli.checks.finding import Level, Surroundings
from addons.cli.checks.network import dashboard, gateway, proxy
from addons.cli.connect import instructions
from addons.cli.programs import LOOPBACK, Ports, is_free
from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.places import ROOT
from addons.services import settings_files
from addons.services.authority import ensure_authority
from addons.services.simulator.free_port import free_port

START_S = 120
"""For both on a busy machine."""
READY = "export NODE_EXTRA_CA_CERTS"
"""Near the end of what it prints once everything answers."""


def free_ports() -> Ports:
    return Ports(*(free_port() for _ in range(3)))


def command(ports: Ports, *more: str) -> list[str]:
    numbers = {"--proxy-port": ports.proxy, "--gateway-port": ports.gateway, "--dashboard-port": ports.dashboard}
    options = [text for name, number in numbers.items() for text in (name, str(number))]
    return [sys.executable, "-m", "addons.cli", "up", *options, *more]


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("up")
    return os.environ | {
        "HOME": str(folder),
        "KIMI_HOME": str(folder / "kimi"),
        "KIMI_DATABASE_URL": f"sqlite:///{folder / 'sessions.db'}",
        "CONTINUE_GLOBAL_DIR": str(folder / "continue"),
    }


class Running:
    """`up` in a process of its own, everything it printed, and how it ended."""

    def __init__(self, ports: Ports, environ: dict[str, str], *more: str) -> None:
        self.ports = ports
        self.process = subprocess.Popen(
            command(ports, *more), cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip())
                if READY in line:
                    self.ready.set()
        self.ready.set()  # it has ended, and nothing more will come

    def printed(self) -> str:
        return "\n".join(self.lines)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        status = self.process.wait(60)
        self.reader.join(60)
        return status


@pytest.fixture(scope="module")
def running(environ: dict[str, str]) -> Iterator[Running]:
    running = Running(free_ports(), environ)
    try:
        assert running.ready.wait(START_S) and READY in running.printed(), running.printed()
        yield running
    finally:
        if running.process.poll() is None:
            running.stop(signal.SIGTERM)


@pytest.mark.e2e
@pytest.mark.smoke
class TestRunning:
    def test_it_says_how_to_point_a_client_at_it(self, running: Running, environ: dict[str, str]) -> None:
        printed = running.printed()
        assert f"The dashboard: http://127.0.0.1:{running.ports.dashboard}" in printed
        assert f"apiBase: http://127.0.0.1:{running.ports.gateway}/kimi-code" in printed
        assert str(places.authority_certificate(environ)) in printed
        assert "Traceback" not in printed

    def test_doctor_finds_nothing_wrong_with_it(
        self, running: Running, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(programs, "PATIENCE_S", 60.0)
        around = Surroundings(environ, running.ports)
        found = [finding for check in (proxy, gateway, dashboard) for finding in check(around)]
        assert [finding.level for finding in found] == [Level.FINE] * 3, found

    def test_a_second_one_says_which_port_is_taken(self, running: Running, environ: dict[str, str]) -> None:
        second = subprocess.run(
            command(running.ports), cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False
        )
        assert second.returncode == 1
        assert second.stderr.splitlines() == [
            f"./just up: port {running.ports.proxy} for the proxy is taken on 127.0.0.1; "
            "stop what listens there or choose another with --proxy-port"
        ]

    def test_nothing_listens_beyond_this_machine(self, running: Running) -> None:
        found, ports = set(listening(running.process.pid)), running.ports
        assert found == {(LOOPBACK, port) for port in (ports.proxy, ports.gateway, ports.dashboard)}

    def test_ctrl_c_stops_both(self, running: Running) -> None:
        assert running.stop(signal.SIGINT) == 0
        assert running.lines[-1] == "Stopped."
        assert "killed" not in running.printed()
        assert all(map(is_free, (running.ports.proxy, running.ports.gateway, running.ports.dashboard)))


def test_a_first_authority_is_announced_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    up.prepare_authority(Console(soft_wrap=True), settings_files.load(os.environ), renew=False)
    assert str(places.authority_certificate(os.environ)) in capsys.readouterr().out


def test_one_that_is_there_and_sufficient_is_not_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_files.load(os.environ)
    ensure_authority(places.authority_dir(os.environ), settings.hosts())
    up.prepare_authority(Console(), settings, renew=False)
    assert capsys.readouterr().out == ""


def test_hosts_that_it_lacks_are_named_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    ensure_authority(places.authority_dir(os.environ), ["api.kimi.com"])
    up.prepare_authority(Console(soft_wrap=True), settings_files.load(os.environ), renew=False)
    printed = capsys.readouterr().out
    assert "api.mistral.ai" in printed and "./just up --new-ca" in printed


def test_a_new_one_covers_them(capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_files.load(os.environ)
    ensure_authority(places.authority_dir(os.environ), ["api.kimi.com"])
    authority = up.prepare_authority(Console(soft_wrap=True), settings, renew=True)
    assert authority.missing(settings.hosts()) == ()
    assert "must trust this one" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("only", "shown", "hidden"),
    [("proxy", "apiBase", "dashboard"), ("dashboard", "dashboard", "apiBase")],
    ids=["proxy alone", "dashboard alone"],
)
def test_only_what_runs_is_spoken_of(tmp_path: Path, only: str, shown: str, hidden: str) -> None:
    text = up.summary(Ports(), instructions(Ports(), tmp_path / "ca.pem", ("kimi-code",)), only)
    assert shown in text and hidden not in text


def listening(parent: int) -> Iterator[tuple[str, int]]:
    """Address and port of every TCP socket on which a process or one that it started listens (Linux)."""
    sockets = {link for pid in family(parent) for link in links(Path(f"/proc/{pid}/fd"))}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{parent}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address, port = fields[1].split(":")
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:  # 0A: listening
                yield str(ip_of(address)), int(port, 16)


def family(parent: int) -> Iterator[int]:
    yield parent
    for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in tasks.read_text().split():
            yield from family(int(child))


def links(folder: Path) -> Iterator[str]:
    for file in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            yield str(file.readlink())


def ip_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The kernel writes each 32 bits in the machine's own order."""
    words = [int(text[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(text), 8)]
    return ipaddress.ip_address(b"".join(words))


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        (f"postgresql://kimi:hush@{LOOPBACK}:9/kimi", "cannot be read: .*Connection refused"),
        (f"postgresql://kimi:hush@{LOOPBACK}:port/kimi", "cannot be read as a database URL"),
        ("mysql://kimi:hush@db.example/kimi", "expected sqlite:///PATH or postgresql"),
    ],
    ids=["nobody there", "no port", "another database"],
)
def test_a_store_that_cannot_be_reached_is_told_before_anything_starts(
    environ: dict[str, str], url: str, complaint: str
) -> None:
    done = subprocess.run(
        command(free_ports(), "--database-url", url), cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert re.search(complaint, done.stderr)
    assert "Starting" not in done.stdout
    assert "hush" not in done.stdout + done.stderr


def test_the_proxy_asks_for_a_password(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "htpasswd"
    file.write_text("me:{SHA}" + base64.b64encode(hashlib.sha1(b"open sesame").digest()).decode())
    file.chmod(0o600)
    asking = Running(free_ports(), environ, "--proxy-auth", str(file), "--only", "proxy")
    try:
        assert asking.ready.wait(START_S) and READY in asking.printed(), asking.printed()
        assert "USER:PASSWORD@" in asking.printed() and "gateway" not in asking.printed()
        assert not programs.accepts(asking.ports.gateway)
        assert connect(asking.ports.proxy, None) == 407
        assert connect(asking.ports.proxy, b"me:wrong") == 407
        assert connect(asking.ports.proxy, b"me:open sesame") == 200
    finally:
        asking.stop(signal.SIGTERM)


def connect(port: int, credentials: bytes | None) -> int:
    """The status that the proxy answers to a CONNECT."""
    authorization = b"Proxy-Authorization: Basic " + base64.b64encode(credentials) + b"\r\n" if credentials else b""
    with socket.create_connection((LOOPBACK, port), 60) as client:
        client.sendall(b"CONNECT api.kimi.com:443 HTTP/1.1\r\nHost: api.kimi.com\r\n" + authorization + b"\r\n")
        return int(client.recv(100).split()[1])


@pytest.mark.parametrize(
    ("mode", "complaint"),
    [(None, "there is no such file; make one with htpasswd -cB"), (0o644, "other users may read it; chmod 600")],
    ids=["missing", "readable by all"],
)
def test_a_password_file_that_will_not_do_is_named(tmp_path: Path, mode: int | None, complaint: str) -> None:
    file = tmp_path / "htpasswd"
    if mode is not None:
        file.touch()
        file.chmod(mode)
    with pytest.raises(UserError, match=complaint):
        up.password_file(file)
