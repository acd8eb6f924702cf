"""Which headers of a call are kept with its record: those that help to understand it, and cannot hold a credential.

An allow-list, because a header that nobody has heard of may hold anything; what is on it is scrubbed all the same.
"""

from collections.abc import Iterable
from functools import lru_cache

from addons.domain.scrub import scrub

KEPT = frozenset(
    {
        *("accept", "accept-encoding", "content-length", "content-type", "transfer-encoding", "user-agent"),
        *("retry-after", "date", "server", "via", "x-should-retry", "openai-processing-ms", "openai-version"),
        *("anthropic-version", "x-envoy-upstream-service-time", "cf-cache-status"),
    }
)
KEPT_BEGINNINGS = ("x-ratelimit-", "ratelimit-", "x-stainless-", "anthropic-ratelimit-")
MOST = 40
"""Headers of one message."""
MOST_CHARS = 200
"""Of a value, and of a name: a longer one is left out."""


def kept(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name in lower case, in their order; of a name that comes twice, the last."""
    found: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        if len(found) < MOST and len(name) <= MOST_CHARS and (name in KEPT or name.startswith(KEPT_BEGINNINGS)):
            found[name] = _safe(value[:MOST_CHARS])
    return found


@lru_cache(maxsize=2_000)
def _safe(value: str) -> str:
    """Remembered, because a client sends the same ones with each request."""
    return value if value.isdecimal() else scrub(value)
