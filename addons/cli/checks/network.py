"""The three ports: free, ours, or somebody else's; and whether the proxy opens a provider's TLS with our authority."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.connect import proxy_url
from addons.cli.programs import LOOPBACK, accepts, dashboard_answers, gateway_answers, is_free
from addons.domain import places
from addons.domain.errors import UserError
from addons.services import settings_files

PATIENCE_S = 10.0
"""For one probe; a handshake with a certificate made on the spot takes 0.1 s."""
START = "Start it with ./just up."


def proxy(around: Surroundings) -> Iterator[Finding]:
    """Opens a tunnel to a provider and looks whose certificate stands in it; nothing is sent to the provider."""
    port = around.ports.proxy
    if is_free(port):
        yield note(f"proxy: not running (port {port} is free)", START)
        return
    if not accepts(port):
        yield wrong(f"proxy: port {port} is taken, but nothing answers", _other("proxy"))
        return
    certificate = places.authority_certificate(around.environ)
    try:
        hosts = settings_files.load(around.environ).hosts()
    except UserError:
        return  # the check of the settings says it
    if not certificate.is_file():
        yield wrong(f"proxy: something listens on port {port}, but there is no certificate authority", _other("proxy"))
        return
    try:
        probe(port, hosts[0], certificate)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message
        yield wrong(f"proxy: on port {port}, but {hosts[0]} does not show our certificate ({why})", _other("proxy"))
    except (OSError, ConnectionError) as error:
        yield wrong(f"proxy: what listens on port {port} refuses a tunnel to {hosts[0]} ({error})", _other("proxy"))
    else:
        yield fine(f"proxy: on port {port}, and a connection to {hosts[0]} is opened with our certificate")


def probe(port: int, host: str, certificate: Path) -> None:
    """CONNECT through the proxy and shake hands, trusting this certificate alone; OSError or its SSLError otherwise."""
    with socket.create_connection((LOOPBACK, port), PATIENCE_S) as connection:
        connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            received = connection.recv(4096)
            if not received or len(answer) > 65536:
                raise ConnectionError("no HTTP proxy")
            answer += received
        status = answer.split(b"\r\n", 1)[0].decode("latin-1")
        if status.split(" ")[1:2] != ["200"]:
            raise ConnectionError(status[:80])
        trusting = ssl.create_default_context(cafile=str(certificate))
        with trusting.wrap_socket(connection, server_hostname=host):
            return


def gateway(around: Surroundings) -> Iterator[Finding]:
    port = around.ports.gateway
    if is_free(port):
        yield note(f"gateway: not running (port {port} is free)", START)
    elif gateway_answers(port):
        yield fine(f"gateway: on port {port}")
    else:
        yield wrong(f"gateway: something else answers on port {port}", _other("gateway"))


def dashboard(around: Surroundings) -> Iterator[Finding]:
    port = around.ports.dashboard
    if is_free(port):
        yield note(f"dashboard: not running (port {port} is free)", START)
    elif dashboard_answers(port):
        yield fine(f"dashboard: on port {port}")
    else:
        yield wrong(f"dashboard: something else answers on port {port}", _other("dashboard"))


def environment(around: Surroundings) -> Iterator[Finding]:
    """Continue takes HTTPS_PROXY only as a full URL, and shows "Connection error." for anything else."""
    named = around.environ.get("HTTPS_PROXY") or around.environ.get("https_proxy") or ""
    expected = proxy_url(around.ports)
    if not named:
        yield note(
            "HTTPS_PROXY is not set in this shell; only the HTTPS proxy needs it, the gateway does not",
            f"Before starting the client: export HTTPS_PROXY={expected}",
        )
    elif not urlsplit(named).netloc:
        yield wrong(f'HTTPS_PROXY is "{named}"; expected a full URL', f"Run: export HTTPS_PROXY={expected}")
    elif urlsplit(named).port != around.ports.proxy:
        yield note(f"HTTPS_PROXY names another proxy: {named}", f"For this one: export HTTPS_PROXY={expected}")
    else:
        yield fine(f"HTTPS_PROXY names the proxy ({named})")


def _other(name: str) -> str:
    return f"Stop what listens there, or choose another port: ./just up --{name}-port PORT"
