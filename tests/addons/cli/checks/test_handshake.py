"""Trust as Node decides it, shown by a real handshake; without Node by OpenSSL's."""

import os
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from addons.cli.checks import handshake
from addons.cli.checks.finding import Level, Surroundings
from addons.cli.programs import Ports
from addons.domain import places
from addons.services import settings_files
from addons.services.authority import ensure_authority, issue_server_certificate
from tests.addons.cli.checks.conftest import MakeSurroundings
from tests.addons.cli.checks.listener import ESTABLISHED, Listener

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed")


@pytest.fixture
def tunnel() -> Iterator[Listener]:
    """As our proxy: CONNECT, then a certificate that our authority has signed."""
    hosts = settings_files.load(os.environ).hosts()
    authority = ensure_authority(places.authority_dir(os.environ), hosts)
    server = places.home(os.environ) / "server.pem"
    server.write_bytes(b"".join(issue_server_certificate(authority, hosts)))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(server)
    listener = Listener(ESTABLISHED, tls)
    yield listener
    listener.close()


@pytest.fixture
def around(surroundings: MakeSurroundings, tunnel: Listener) -> Surroundings:
    return surroundings(Ports(proxy=tunnel.port), NODE_EXTRA_CA_CERTS="", HTTPS_PROXY="", https_proxy="")


@needs_node
def test_node_trusts_the_proxy_with_the_file_and_not_without_it(around: Surroundings) -> None:
    assert [one.level for one in handshake.trusted(around)] == [Level.FINE, Level.NOTE]
    with_file = replace(around, environ={**around.environ, "NODE_EXTRA_CA_CERTS": str(around.certificate)})
    assert [one.level for one in handshake.trusted(with_file)] == [Level.FINE, Level.FINE]


@needs_node
def test_a_shell_that_uses_the_proxy_without_trust_is_wrong(around: Surroundings) -> None:
    using = replace(around, environ={**around.environ, "HTTPS_PROXY": around.proxy_url})
    found = list(handshake.trusted(using))
    assert found[1].level is Level.WRONG and "does not trust" in found[1].what
    assert found[1].advice == f'export NODE_EXTRA_CA_CERTS="{around.certificate}"'


@needs_node
def test_an_authority_that_did_not_sign_is_refused(around: Surroundings, tmp_path: Path) -> None:
    other = ensure_authority(tmp_path / "other", ("api.kimi.com",))
    around.certificate.write_bytes(other.certificate_file.read_bytes())
    (finding,) = handshake.trusted(around)
    assert finding.level is Level.WRONG


def test_without_node_openssl_decides(around: Surroundings) -> None:
    alone = replace(around, environ={**around.environ, "PATH": ""})
    (finding,) = handshake.trusted(alone)
    assert finding.level is Level.FINE and "no Node" in finding.what
    system = ssl.get_default_verify_paths().openssl_cafile
    elsewhere = replace(alone, environ={**alone.environ, "NODE_EXTRA_CA_CERTS": system})
    (finding,) = handshake.trusted(elsewhere)
    assert finding.level in (Level.WRONG, Level.NOTE)


@pytest.mark.parametrize(
    ("out", "err", "reason"),
    [
        ('{"issuer": "Kimi"}', "", ""),
        ('{"error": "x", "code": "CERT_HAS_EXPIRED"}', "", "the certificate has expired; is the clock right?"),
        ('{"error": "socket hang up"}', "", "socket hang up"),
        ("", "node: bad option\n", "Node said: node: bad option"),
        ("", "", "Node said: nothing"),
        ('{"issuer": "K"}', "Warning: Ignoring extra certs from `/x`, load failed", "it ignores /x"),
    ],
    ids=["trusts", "expired", "another error", "does not start", "silent", "cannot read the file"],
)
def test_what_node_says_is_understood(out: str, err: str, reason: str) -> None:
    assert handshake.read(out, err).reason == reason
