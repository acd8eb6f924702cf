import asyncio

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from dashboard.guard import Guard, refuse_open_address


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_is_accepted(address: str) -> None:
    refuse_open_address(address)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_any_other_address_ends_the_start(address: str | None) -> None:
    with pytest.raises(SystemExit, match=r"expected 127\.0\.0\.1"):
        refuse_open_address(address)


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def get(host: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(hello, hosts=["127.0.0.1", "::1"]))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/", headers={"host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8501", "[::1]:8501"])
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert get(host).text == "hello"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""])
def test_other_names_are_refused(host: str) -> None:
    assert get(host).status_code == 403


def test_the_browser_is_told_to_fetch_from_here_only() -> None:
    policy = get("127.0.0.1").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
