from collections.abc import Callable

import httpx
import pytest

from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]


def test_the_request_is_kept_byte_for_byte(simulator: Simulator, client: httpx.Client) -> None:
    body = b'{ "model":"m" , "messages":[ ],"n":1e2,"x":"\\u00e9\xc3\xa9" }'
    client.post("/coding/v1/chat/completions?a=%2F", headers={"host": "api.kimi.com", "x-One": "1"}, content=body)
    (received,) = simulator.inbox.all()
    assert received.body == body
    assert received.path == "/coding/v1/chat/completions?a=%2F"
    assert (received.method, received.host, received.header("x-one")) == ("POST", "api.kimi.com", "1")
    assert (received.finished, received.status) == (True, 200)


def test_a_body_that_is_not_json_is_answered_with_400(ask: Ask, client: httpx.Client) -> None:
    response = client.post("/v1/chat/completions", headers={"host": "api.openai.com"}, content=b"\xff")
    assert (response.status_code, response.json()["error"]["message"]) == (400, "unreadable body")


@pytest.mark.parametrize(("host", "path"), [("api.openai.com", "/v1/poems"), ("elsewhere.example", "/")])
def test_what_no_provider_has_is_not_found(client: httpx.Client, host: str, path: str) -> None:
    assert client.get(path, headers={"host": host}).status_code == 404


HEADERS = {
    "kimi traces": ("api.kimi.com", "x-trace-id"),
    "groq states limits": ("api.groq.com", "x-ratelimit-remaining-requests"),
    "cerebras sets a cookie": ("api.cerebras.ai", "set-cookie"),
    "others number requests": ("openrouter.ai", "x-request-id"),
}


@pytest.mark.parametrize(("host", "header"), HEADERS.values(), ids=HEADERS.keys())
def test_each_provider_adds_its_own_headers(ask: Ask, host: str, header: str) -> None:
    assert ask(host).headers[header]
