"""One question to a provider, asked by us: the call that writes a summary.

It goes straight to the provider, not through this proxy, and takes nothing from the environment: a proxy variable
that points at ourselves would make it come back. The credentials in `headers` and `url` live as long as the call does.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx

from addons.domain.compression.asking import Reply
from addons.domain.provider_errors import ErrorClass, ProviderError, classify_error
from addons.domain.wire import FORMATS

logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines at INFO hold URLs, and Gemini's carry the key

MOST_BYTES = 1_000_000
"""Of an answer: a summary has a few kilobytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to ask, and as whom."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    wire: str
    context: ssl.SSLContext
    """What the provider's certificate is checked with."""
    proxy: str | None = None
    timeout_s: float
    """For the whole call."""


async def ask(place: Place, body: bytes) -> Reply:
    """The answer to one request. Where none came, the error names the kind of failure only, never the address."""
    options: dict[str, Any] = {"verify": place.context, "proxy": place.proxy, "trust_env": False, "timeout": None}
    try:
        async with asyncio.timeout(place.timeout_s), httpx.AsyncClient(**options) as client:
            response = await client.post(place.url, content=body, headers=dict(place.headers))
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, TimeoutError) as error:
        return Reply(error=ProviderError(ErrorClass.TRANSPORT, type(error).__name__))
    content = response.content[:MOST_BYTES]
    if response.status_code >= 400:
        return Reply(status=response.status_code, error=classify_error(response.status_code, content))
    said = FORMATS[place.wire].answer_of_body(content)
    error_said = classify_error(response.status_code, said.error) if said.error else None
    return Reply(text=said.text.strip(), usage=said.usage, status=response.status_code, error=error_said)


@lru_cache(maxsize=4)
def tls_context(authority: str | None, folder: str | None, insecure: bool) -> ssl.SSLContext:
    """Trusts this authority (PEM) and those in the folder; certifi's where neither is given. 20 ms, so once."""
    if authority or folder:
        context = ssl.create_default_context(cafile=authority, capath=folder)
    else:
        context = httpx.create_ssl_context(trust_env=False)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
