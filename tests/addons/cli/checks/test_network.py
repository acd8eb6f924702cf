"""Ports that are free, taken by something else, or ours."""

import os
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from addons.cli.checks import network
from addons.cli.checks.finding import Level
from addons.cli.programs import Ports
from addons.domain import places
from addons.services import settings_files
from addons.services.authority import ensure_authority, issue_server_certificate
from tests.addons.cli.checks.conftest import MakeSurroundings
from tests.addons.cli.checks.listener import ESTABLISHED, Listener

CHECKS = {"proxy": network.proxy, "gateway": network.gateway, "dashboard": network.dashboard}


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
    assert f"--{name}-port" in finding.advice and f"(process {os.getpid()})" in finding.advice


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
    listener = Listener(ESTABLISHED, tls)
    (finding,) = network.proxy(surroundings(Ports(proxy=listener.port)))
    listener.close()
    assert finding.level is level
