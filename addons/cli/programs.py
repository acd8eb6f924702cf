"""The two programs of this project as `up` and `demo` start them, and the ports they listen on."""

import http.client
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from addons.cli.processes import Program
from addons.domain.errors import UserError
from addons.domain.places import ROOT

LOOPBACK = "127.0.0.1"
MEMORY = {"MALLOC_ARENA_MAX": "2"}
"""For glibc: with an arena for each thread, a proxy of twenty threads keeps 40 MB that nobody uses."""
PATIENCE_S = 2.0
"""How long one look at a port may take."""


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports on 127.0.0.1."""

    proxy: int = 8080
    gateway: int = 8788
    dashboard: int = 8501

    @staticmethod
    def add_arguments(parser: ArgumentParser) -> None:
        usual = Ports()
        for name, port, what in (
            ("proxy", usual.proxy, "the HTTPS proxy"),
            ("gateway", usual.gateway, "the gateway, for clients that ignore proxies or cannot trust a CA,"),
            ("dashboard", usual.dashboard, "the dashboard"),
        ):
            text = f"{what} listens here (default: {port})"
            parser.add_argument(f"--{name}-port", type=port_number, default=port, metavar="PORT", help=text)

    @classmethod
    def of(cls, args: Namespace) -> Self:
        return cls(args.proxy_port, args.gateway_port, args.dashboard_port)

    def require_free(self, program: str | None = None) -> None:
        """Raise UserError for the first port that something else listens on, naming the option that changes it.

        `program` is "proxy" or "dashboard" where only that one is to be started.
        """
        ports = {"proxy": ("proxy", "gateway"), "dashboard": ("dashboard",)}
        for name in ports[program] if program else ("proxy", "gateway", "dashboard"):
            port = getattr(self, name)
            if not is_free(port):
                raise UserError(
                    f"port {port} for the {name} is taken on {LOOPBACK}; "
                    f"stop what listens there or choose another with --{name}-port"
                )


def port_number(text: str) -> int:
    """1 to 65535; ValueError otherwise, which argparse turns into its own message."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


def is_free(port: int) -> bool:
    """Whether this process could listen on it; a connection still closing down does not count as taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((LOOPBACK, port), PATIENCE_S).close()
    except OSError:
        return False
    return True


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and the beginning of the body; (0, b"") where nobody speaks HTTP."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(4096)
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def gateway_answers(port: int) -> bool:
    """Whether our gateway is there: it answers a path without provider with an error of its own."""
    return b"proxy_gateway" in get(port, "/")[1]


def dashboard_answers(port: int) -> bool:
    return get(port, "/_stcore/health")[0] == 200


def proxy(
    ports: Ports,
    authority: Path,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    passwords: Path | None = None,
) -> Program:
    """mitmdump with our addons: forward proxy and gateway in one process. `options` are further mitmdump arguments.

    `passwords` is an htpasswd file: the proxy then asks for a user and a password, and there is no gateway, because its
    clients need the header for the provider's key. Verbosity "alert" keeps the addons' own notices, warnings and errors
    and drops a line for every connection of every program that uses the proxy.
    """
    gateway = ("--mode", f"reverse:https://gateway.invalid@{LOOPBACK}:{ports.gateway}")
    command = (
        str(Path(sys.executable).with_name("mitmdump")),
        *("--listen-host", LOOPBACK),
        *("--mode", f"regular@{LOOPBACK}:{ports.proxy}"),
        *(("--set", f"proxyauth=@{passwords}") if passwords else gateway),
        *("--set", f"confdir={authority}"),
        *("--set", "flow_detail=0"),
        *("--set", "termlog_verbosity=alert"),
        *("-s", str(ROOT / "addons" / "kimi.py")),
        *options,
    )

    def is_ready() -> bool:
        # mitmdump listens before it finds that a script cannot be loaded, so an open port is not enough
        return accepts(ports.proxy) and (passwords is not None or gateway_answers(ports.gateway))

    return Program("proxy", command, is_ready, MEMORY | dict(environ or {}))


def dashboard(ports: Ports, environ: Mapping[str, str] | None = None) -> Program:
    """Streamlit with our pages; it never asks for an e-mail address and opens no browser."""
    command = (
        *(sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")),
        *("--server.address", LOOPBACK),
        *("--server.port", str(ports.dashboard)),
        *("--server.headless", "true"),
        *("--browser.gatherUsageStats", "false"),
    )
    return Program("dashboard", command, lambda: dashboard_answers(ports.dashboard), environ or {})
