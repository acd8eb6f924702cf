"""The state of Kimi Code's quotas, asked of the provider with the credentials of a request that passes by.

They live as long as the call does: which account was asked when is remembered by a hash with a salt of this process.
"""

import asyncio
import hashlib
import secrets
import ssl
from dataclasses import replace
from typing import Any

import httpx

from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.quota import PERIOD_MS, Sample, told_by_usages, used_up_at_ms
from addons.services.summarizer import Place

PATH = "/usages"
EVERY_MS = 600_000
"""The provider has not said how often it may be asked; ten minutes tell enough."""
MOST_BYTES = 100_000
KEPT_SAMPLES = 60
"""Of one quota: ten hours of asking every ten minutes."""


class QuotaAsker:
    """One for the proxy."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(32)
        self._asked_ms: dict[bytes, int] = {}
        self._samples: dict[tuple[bytes, LimitKind], list[Sample]] = {}

    def is_due(self, credential: str, now_ms: int) -> bool:
        """Whether this account may be asked now; if so, it counts as asked."""
        account = self._account(credential)
        if now_ms - self._asked_ms.get(account, -EVERY_MS) < EVERY_MS:
            return False
        self._asked_ms[account] = now_ms
        return True

    def forecast(self, credential: str, told: Told, now_ms: int) -> int | None:
        """When the quota will be used up; remembers what is used now for the next time."""
        samples = self._samples.setdefault((self._account(credential), told.kind), [])
        found = used_up_at_ms(told.kind, told, samples, now_ms)
        if told.limit is not None and told.remaining is not None:
            used = told.limit - told.remaining
            if samples and used < samples[-1].used:
                samples.clear()  # it was reset, or the window moved on
            samples.append(Sample(now_ms, used))
            del samples[:-KEPT_SAMPLES]
        return found

    def _account(self, credential: str) -> bytes:
        return hashlib.blake2b(credential.encode(), key=self._salt, digest_size=12).digest()


async def ask_quota(place: Place, now_ms: int) -> list[Told]:
    """Empty where no answer came or it says nothing: then the pages go on showing the last one with its time."""
    options: dict[str, Any] = {"verify": place.context, "proxy": place.proxy, "trust_env": False, "timeout": None}
    headers = {name: value for name, value in place.headers.items() if name != "content-type"}
    try:
        async with asyncio.timeout(place.timeout_s), httpx.AsyncClient(**options) as client:
            response = await client.get(place.url, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, TimeoutError):
        return []
    if response.status_code != httpx.codes.OK:
        return []
    return [told for told in told_by_usages(response.content[:MOST_BYTES], now_ms) if told.kind in PERIOD_MS]


def at_usages(place: Place, base_path: str) -> Place:
    """The same place, where it tells of quotas."""
    url = httpx.URL(place.url)
    return replace(place, url=str(url.copy_with(path=f"{base_path}{PATH}", query=None)))
