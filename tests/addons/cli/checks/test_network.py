"""Ports that are free, taken by something else, or ours; and what the shell's proxy variable says."""

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from addons.cli.checks import network
from addons.cli.checks.finding import Level
from addons.cli.programs import LOOPBACK, Ports
from addons.domain import places
from addons.services import settings_files
from addons.services.authority import ensure_authority, issue_server_certificate
from tests.addons.cli.checks.conftest import MakeSurroundings

CHECKS = {"proxy": network.proxy, "gateway": network.gateway, "dashboard": network.dashboard}


class Listener:
    """Accepts connections one after the other and answers each with the same bytes, then with TLS if it has any."""

    def __init__(self, answer: bytes, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_server((LOOPBACK, 0))
        self.port = int(self.socket.getsockname()[1])
        self.answer = answer
        self.tls = tls
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return  # closed
            with connection:
                if connection.recv(4096):
                    connection.sendall(self.answer)
                if self.tls:
                    try:
                        self.tls.wrap_socket(connection, server_side=True).close()
                    except OSError:
                        continue  # refused by the client, which says why

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def stranger() -> Iterator[Listener]:
    listener = Listener(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    yield listener
    listener.close()


@pytest.mark.parametrize("name", CHECKS)
def test_what_does_not_run_is_a_note_with_the_way_to_start_it(surroundings: MakeSurroundings, name: str) -> None:
    (finding,) = CHECKS[name](surroundings())
    assert finding.level is Level.NOTE
    assert finding.what.startswith(f"{name}: not running") and "./just up" in finding.advice


@pytest.mark.parametrize("name", CHECKS)
def test_another_program_on_the_port_is_wrong(surroundings: MakeSurroundings, stranger: Listener, name: str) -> None:
    ensure_authority(places.authority_dir(os.environ), settings_files.load(os.environ).hosts())
    (finding,) = CHECKS[name](surroundings(replace(Ports(), **{name: stranger.port})))
    assert finding.level is Level.WRONG
    assert f"--{name}-port" in finding.advice


@pytest.mark.parametrize(("ours", "level"), [(True, Level.FINE), (False, Level.WRONG)], ids=["ours", "another's"])
def test_the_certificate_in_the_tunnel_tells_our_proxy_from_another(
    surroundings: MakeSurroundings, own_places: os.PathLike[str], ours: bool, level: Level
) -> None:
    hosts = settings_files.load(os.environ).hosts()
    authority = ensure_authority(places.authority_dir(os.environ), hosts)
    if not ours:
        authority = ensure_authority(places.home(os.environ) / "other", hosts)
    server = places.home(os.environ) / "server.pem"
    server.write_bytes(b"".join(issue_server_certificate(authority, hosts)))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(server)
    listener = Listener(b"HTTP/1.1 200 Connection established\r\n\r\n", tls)
    (finding,) = network.proxy(surroundings(Ports(proxy=listener.port)))
    listener.close()
    assert finding.level is level


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("", Level.NOTE),
        ("127.0.0.1:8080", Level.WRONG),
        ("http://127.0.0.1:8080", Level.FINE),
        ("http://proxy.example:3128", Level.NOTE),
    ],
    ids=["not set", "no scheme", "ours", "another proxy"],
)
def test_the_proxy_variable_must_be_a_full_url(surroundings: MakeSurroundings, value: str, level: Level) -> None:
    (finding,) = network.environment(surroundings(Ports(), HTTPS_PROXY=value, https_proxy=""))
    assert finding.level is level
