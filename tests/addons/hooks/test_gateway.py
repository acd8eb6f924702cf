"""The gateway's port: a path names the provider, and no web page gets through."""

import json

import pytest
from mitmproxy import http
from mitmproxy.proxy.mode_specs import ProxyMode

from addons.hooks.gateway import foreign
from tests.addons.hooks.own import Own, flow_to

GATEWAY = ProxyMode.parse("reverse:https://gateway.invalid@127.0.0.1:8788")
BODY = b'{"model":"large","messages":[{"role":"user","content":"Hello"}]}'


def at_gateway(path: str, *, mode: ProxyMode = GATEWAY, **headers: str) -> http.HTTPFlow:
    fields = {"host": "127.0.0.1:8788"} | {name.replace("_", "-"): value for name, value in headers.items()}
    flow = flow_to("gateway.invalid", path, BODY, headers=fields)
    flow.client_conn.proxy_mode = mode
    return flow


class TestGateway:
    @pytest.mark.parametrize(
        ("path", "host", "mapped"),
        [
            ("/acme/chat/completions", "llm.acme.test", "/v1/chat/completions"),
            ("/acme/v1/chat/completions", "llm.acme.test", "/v1/chat/completions"),
            ("/gem/models/flash:generateContent?key=k", "gem.test", "/v1beta/models/flash:generateContent?key=k"),
        ],
    )
    def test_the_first_part_of_the_path_names_the_provider(self, own: Own, path: str, host: str, mapped: str) -> None:
        flow = at_gateway(path)
        own.run(own.hook("requestheaders", flow))
        assert flow.response is None
        request = flow.request
        assert (request.scheme, request.host, request.port, request.path) == ("https", host, 443, mapped)
        assert request.headers.get_all("host") == [host]

    def test_what_comes_through_is_the_providers_like_any_other(self, own: Own) -> None:
        flow = at_gateway("/acme/chat/completions")
        assert own.run(own.request(flow)) == BODY
        assert own.exchange(flow).endpoint.provider == "acme"

    @pytest.mark.parametrize("path", ["/", "/unknown/chat/completions", "/v1/chat/completions", ""])
    def test_an_unknown_provider_is_told_which_there_are(self, own: Own, path: str) -> None:
        flow = at_gateway(path)
        own.run(own.request(flow))
        assert flow.response
        assert flow.response.status_code == 404
        assert json.loads(flow.response.content or b"")["error"]["message"].endswith("one of: acme, gem")
        assert own.exchanges.of(flow) is None

    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "evil.example:8788"},
            {"host": "127.0.0.1.evil.example:8788"},
            {"host": "192.168.1.20:8788"},
            {"host": ""},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
            {"sec_fetch_site": "same-origin"},
        ],
        ids=str,
    )
    def test_a_web_page_is_refused(self, own: Own, headers: dict[str, str]) -> None:
        flow = at_gateway("/acme/chat/completions", **headers)
        own.run(own.request(flow))
        assert flow.response
        assert flow.response.status_code == 403
        assert flow.request.host == "gateway.invalid"
        assert own.exchanges.of(flow) is None

    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "localhost:8788"},
            {"host": "LOCALHOST:8788"},
            {"host": "[::1]:8788"},
            {"host": "127.0.0.1"},
            {"sec_fetch_site": "none"},
        ],
        ids=str,
    )
    def test_a_program_of_this_machine_is_served(self, own: Own, headers: dict[str, str]) -> None:
        flow = at_gateway("/acme/chat/completions", **headers)
        own.run(own.request(flow))
        assert flow.response is None

    def test_a_request_without_a_host_is_refused(self) -> None:
        flow = at_gateway("/acme/chat/completions")
        del flow.request.headers["host"]
        assert foreign(flow.request)

    @pytest.mark.parametrize("mode", ["regular", "reverse:https://example.org", "upstream:http://gateway.invalid"])
    def test_other_ports_are_none_of_its_business(self, own: Own, mode: str) -> None:
        flow = at_gateway("/acme/chat/completions", mode=ProxyMode.parse(mode), origin="https://evil.example")
        own.run(own.hook("requestheaders", flow))
        assert (flow.response, flow.request.host) == (None, "gateway.invalid")
