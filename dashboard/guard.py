"""What keeps the dashboard on this machine, whatever a page shows by mistake.

Streamlit checks Host and Origin for its WebSocket only. This guard checks the Host of every request, so that a foreign
name resolving to 127.0.0.1 reads nothing, and sends a content security policy, so that the browser itself refuses to
fetch an image, style or font from elsewhere should captured text ever be rendered.
"""

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Vega compiles its expressions
        "style-src 'self' 'unsafe-inline'",  # Streamlit's styles are made in the page
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
    )
)


def refuse_open_address(address: str | None) -> None:
    """:raises SystemExit: unless the address is this machine only; None and "" mean every interface."""
    if address == "localhost" or _is_loopback(address or ""):
        return
    shown = address or "every interface"
    raise SystemExit(f"server.address is {shown}; expected 127.0.0.1, ::1 or localhost: the dashboard has no password.")


class Guard:
    """ASGI middleware around all of Streamlit's own routes and ours."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # Streamlit checks its WebSocket itself
            await self.app(scope, receive, send)
            return
        if _host_name(Headers(scope=scope).get("host", "")) not in self.hosts:
            await PlainTextResponse("Unknown host", status_code=403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = POLICY
                headers["referrer-policy"] = "no-referrer"
                headers["x-content-type-options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, send_guarded)


def _host_name(host: str) -> str:
    """Without the port; "[::1]:8501" gives "::1"."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
