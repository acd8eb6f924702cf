"""One tunnel through the proxy to a provider, and the handshake in it, by OpenSSL."""

import socket
import ssl
from pathlib import Path

from addons.cli.programs import LOOPBACK

PATIENCE_S = 10.0
"""For one probe; a handshake with a certificate made on the spot takes 0.1 s."""


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
