"""What a client that trusts our authority accepts: the providers' names and nothing else, whatever its TLS library."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from addons.services.authority import Authority, ensure_authority, issue_server_certificate

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent / "clients"
PYTHON = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[2]))), server_hostname=sys.argv[3]).close()
"""

Command = Callable[[Path, int, str], Sequence[str | Path]]


def openssl(trusted: Path, port: int, name: str) -> Sequence[str | Path]:
    checked = "-verify_ip" if name[0].isdigit() else "-verify_hostname"
    at = ("-connect", f"127.0.0.1:{port}", "-servername", name)
    return ("openssl", "s_client", *at, "-CAfile", trusted, checked, name, "-verify_return_error", "-brief")


def node(trusted: Path, port: int, name: str) -> Sequence[str | Path]:
    return ("node", CLIENTS / "handshake.cjs", str(port), name)


def python(trusted: Path, port: int, name: str) -> Sequence[str | Path]:
    return (sys.executable, "-c", PYTHON, trusted, str(port), name)


def java(trusted: Path, port: int, name: str) -> Sequence[str | Path]:
    return ("java", CLIENTS / "Handshake.java", trusted, str(port), name)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return ensure_authority(tmp_path_factory.mktemp("kimi") / "ca", ("api.kimi.com",))


@contextmanager
def serving(authority: Authority, name: str) -> Iterator[int]:
    """A server on loopback that shows a certificate for this name; its port."""
    names, ips = ((), (name,)) if name[0].isdigit() else ((name,), ())
    pem = authority.directory / f"{name}.pem"
    pem.write_bytes(b"".join(issue_server_certificate(authority, names, ips)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            near, _ = listener.accept()
            try:
                with context.wrap_socket(near, server_side=True) as far:
                    far.unwrap()
            except (ssl.SSLError, OSError):
                near.close()  # the client has refused, or hung up; what it says is what the test looks at

        server = threading.Thread(target=serve)
        server.start()
        yield listener.getsockname()[1]
        server.join(10)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        pytest.param("api.kimi.com", "", id="a provider's host"),
        pytest.param("private.example.com", "subtree|name constraints", id="a foreign host"),
        pytest.param("127.0.0.1", "subtree|name constraints", id="an address"),
    ],
)
@pytest.mark.parametrize("command", [openssl, node, python, java])
def test_a_client_that_trusts_us_accepts_the_providers_alone(
    authority: Authority, command: Command, name: str, refusal: str
) -> None:
    trusted = authority.certificate_file
    if not shutil.which(command.__name__) and command is not python and os.environ.get("KIMI_REQUIRE_ALL") != "1":
        pytest.skip(f"{command.__name__} is not installed")
    with serving(authority, name) as port:
        done = subprocess.run(
            command(trusted, port, name),
            input="",
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(trusted)},
        )
    said = done.stdout + done.stderr
    if refusal:
        assert done.returncode != 0
        assert any(word in said for word in refusal.split("|")), said
    else:
        assert done.returncode == 0, said
