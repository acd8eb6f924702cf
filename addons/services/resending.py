"""One request sent once more, by us: the answer in one piece."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from addons.services.summarizer import Place

MOST_BYTES = 8_000_000
"""Of an answer; chat answers stay below 1 MB."""


@dataclass(frozen=True, slots=True)
class Resent:
    status: int
    headers: Mapping[str, str]
    """Names in lower case; none of those that belong to the connection or the encoding."""
    body: bytes


_NOT_PASSED_ON = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"})


async def send_again(place: Place, body: bytes) -> Resent | None:
    """None where no answer came, or one that is far too long."""
    options: dict[str, Any] = {"verify": place.context, "proxy": place.proxy, "trust_env": False, "timeout": None}
    try:
        async with asyncio.timeout(place.timeout_s), httpx.AsyncClient(**options) as client:
            response = await client.post(place.url, content=body, headers=dict(place.headers))
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, TimeoutError):
        return None
    if len(response.content) > MOST_BYTES:
        return None
    headers = {name: value for name, value in response.headers.items() if name not in _NOT_PASSED_ON}
    return Resent(response.status_code, headers, response.content)
