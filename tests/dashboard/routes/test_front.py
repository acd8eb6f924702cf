"""The session page by its name; what a browser then shows is in tests/browser."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.routes import ROUTES


@pytest.mark.parametrize(
    ("path", "to"),
    [
        pytest.param("/session?session=s-0003", "/?session=s-0003", id="with its session"),
        pytest.param(
            "/session?session=a%26b&x=%2F%2Fevil.example", "/?session=a%26b&x=%2F%2Fevil.example", id="encoded"
        ),
        pytest.param("/session", "/", id="alone"),
    ],
)
def test_the_address_leads_to_the_first_page(path: str, to: str) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.headers["location"]) == (307, to)
