"""Gateway: `http://127.0.0.1:8788/<provider key>/…` stands for the provider's base URL.

It serves clients that ignore proxies or cannot trust a certificate authority. mitmdump's second mode,
`reverse:https://gateway.invalid`, listens for them; nothing is ever connected to that name, because the address is
mapped before any connection is made. A web page must not be able to use it: a foreign Host (DNS rebinding)
and whatever a browser sends on a page's behalf are refused.
"""

import msgspec
from mitmproxy import http
from mitmproxy.proxy.mode_specs import ReverseMode

from addons.domain.local_names import is_local, is_page
from addons.hooks.configuration import GATEWAY_HOST, Configuration


class Gateway:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        mode = flow.client_conn.proxy_mode
        if not (isinstance(mode, ReverseMode) and mode.address[0] == GATEWAY_HOST):
            return
        if reason := foreign(flow.request):
            flow.response = refusal(403, reason)
            return
        target = self.configuration.matcher.gateway_target(flow.request.path)
        if target is None:
            keys = ", ".join(sorted(self.configuration.settings.providers))
            flow.response = refusal(404, f"the first part of the path names the provider; one of: {keys}")
            return
        flow.request.scheme = "https"
        flow.request.host, flow.request.port, flow.request.path = target.host, 443, target.path
        flow.request.host_header = target.host


def foreign(request: http.Request) -> str:
    """Why this request does not come from a program of the person at this machine, or ""."""
    if not is_local(request.host_header or ""):
        return "the gateway answers to 127.0.0.1 and localhost only"
    if is_page(request.headers.get("origin"), request.headers.get("sec-fetch-site")):
        return "the gateway does not serve web pages"
    return ""


def refusal(status: int, reason: str) -> http.Response:
    """An error in the form the providers' clients show; the words avoid what makes clients retry."""
    error = {"message": f"[kimi proxy] {reason}", "type": "proxy_gateway", "code": "proxy_gateway"}
    return http.Response.make(status, msgspec.json.encode({"error": error}), {"content-type": "application/json"})
