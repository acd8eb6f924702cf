"""What an answer's headers tell about limits.

The names of all providers are made of the same words in different orders: `x-ratelimit-limit-requests` (OpenAI, Groq),
`x-ratelimit-remaining-tokens-minute` (Cerebras), `ratelimitbysize-remaining`, `x-ratelimitbysize-limit-month` and
`x-ratelimit-limit-req-minute` (Mistral), `anthropic-ratelimit-tokens-reset`, `x-ratelimit-reset` (Moonshot,
OpenRouter). So they are read word by word.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.times import moment_ms

_ASPECTS = ("limit", "remaining", "reset")
_UNITS = {"requests": "requests", "req": "requests", "tokens": "tokens"}
_PERIODS = ("minute", "day", "month")
_IGNORED = frozenset({"input", "output", "query", "cost", "second", "hour"})
"""Words of limits that are not kept."""

_KINDS = {
    ("requests", "minute"): LimitKind.REQUESTS_PER_MINUTE,
    ("requests", "day"): LimitKind.REQUESTS_PER_DAY,
    ("tokens", "minute"): LimitKind.TOKENS_PER_MINUTE,
    ("tokens", "day"): LimitKind.TOKENS_PER_DAY,
    ("tokens", "month"): LimitKind.TOKENS_PER_MONTH,
}
_MINUTE_AHEAD_MS = 120_000
"""A reset further ahead than that is not one of a limit per minute."""


class _Name(NamedTuple):
    aspect: str
    unit: str
    """requests, tokens; "" where the name does not say."""
    period: str
    """minute, day, month; "" where the name does not say."""


def told_by_headers(headers: Iterable[tuple[str, str]], now_ms: int, *, requests_per: str = "minute") -> list[Told]:
    """:param requests_per: what a limit of requests counts over whose header does not say it: Groq means a day."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, value in headers:
        if "ratelimit" in name.lower() and (read := _read_name(name.lower())):
            found.setdefault((read.unit, read.period), {})[read.aspect] = value
    told = (_told(unit, period, said, now_ms, requests_per) for (unit, period), said in found.items())
    return [each for each in told if each]


def retry_after_ms(headers: Mapping[str, str], now_ms: int) -> int | None:
    """How long to wait, as OpenAI's SDK reads it: `retry-after-ms`, then `retry-after` (seconds or a date)."""
    exact = _count(headers.get("retry-after-ms", ""))
    if exact is not None:
        return exact
    said = headers.get("retry-after", "")
    at_ms = moment_ms(said, now_ms) if said else None
    return None if at_ms is None else max(0, at_ms - now_ms)


@lru_cache(maxsize=256)
def _read_name(name: str) -> _Name | None:
    words = name.removeprefix("x-").split("-")
    if words[0] == "anthropic":
        words = words[1:]
    if words[0] not in ("ratelimit", "ratelimitbysize") or _IGNORED.intersection(words):
        return None
    aspect = next((word for word in words[1:] if word in _ASPECTS), None)
    unit = next((_UNITS[word] for word in words[1:] if word in _UNITS), "")
    period = next((word for word in words[1:] if word in _PERIODS), "")
    if words[0] == "ratelimitbysize":
        unit, period = "tokens", period or "minute"
    return _Name(aspect, unit, period) if aspect else None


def _told(unit: str, period: str, said: Mapping[str, str], now_ms: int, requests_per: str) -> Told | None:
    reset_at_ms = moment_ms(said["reset"], now_ms) if "reset" in said else None
    limit, remaining = _count(said.get("limit", "")) or None, _count(said.get("remaining", ""))
    if limit is None and remaining is None:
        return None
    # A bare `x-ratelimit-limit` counts requests; over what, only its reset can tell.
    far = reset_at_ms is not None and reset_at_ms > now_ms + _MINUTE_AHEAD_MS
    usual = requests_per if unit == "requests" else "minute" if unit or not far else "day"
    kind = _KINDS.get((unit or "requests", period or usual))
    if kind is None:
        return None
    # Names with a unit and no period are those of OpenAI, Groq and Anthropic: buckets that fill up steadily.
    refills = bool(unit) and not period
    return Told(kind=kind, limit=limit, remaining=remaining, reset_at_ms=reset_at_ms, refills=refills)


def _count(text: str) -> int | None:
    """A number, also where it is written with a fraction; 0 where it is below."""
    try:
        return max(0, int(float(text)))
    except (ValueError, OverflowError):
        return None
