"""What the body of a 429 (and of Groq's 413) tells about limits, beside the class that `provider_errors` gives it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from addons.domain.error_bodies import read_error
from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.times import duration_ms
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.values import as_dict, as_text

_READ_CHARS = 4000
_NAMES = {
    "rpm": LimitKind.REQUESTS_PER_MINUTE,
    "rpd": LimitKind.REQUESTS_PER_DAY,
    "tpm": LimitKind.TOKENS_PER_MINUTE,
    "tpd": LimitKind.TOKENS_PER_DAY,
    "concurrency": LimitKind.CONCURRENCY,
}
_MAX = re.compile(r"\bmax (rpm|rpd|tpm|tpd|concurrency):? {0,3}(\d{1,12})", re.IGNORECASE)
"""Moonshot: "request reached organization max RPM: 20, please try again after 1 seconds"."""
_OF = re.compile(
    r"\((RPM|RPD|TPM|TPD)\):? {0,3}Limit:? {0,3}(\d{1,12})(?:, Used:? {0,3}(\d{1,12}))?(?:, Requested)?", re.IGNORECASE
)
"""Groq, OpenAI: "on tokens per minute (TPM): Limit 15000, Used 11972, Requested 4351. Please try again in 5.289s"."""
_BARE = re.compile(r"\b(RPM|RPD|TPM|TPD):? {0,3}Limit:? {0,3}(\d{1,12})", re.IGNORECASE)
"""Groq's 413: "TPM: Limit 12000, Requested 14137"."""
_AGAIN = re.compile(
    r"(?:try again|retry) (?:in|after):? {0,3}"
    r"((?:\d{1,9}(?:\.\d{1,9})?(?:ms|[dhms]))+|\d{1,9}(?:\.\d{1,9})?)",
    re.IGNORECASE,
)
_GOOGLE_KINDS = (
    ("requestsperminute", LimitKind.REQUESTS_PER_MINUTE),
    ("requestsperday", LimitKind.REQUESTS_PER_DAY),
    ("tokensperminute", LimitKind.TOKENS_PER_MINUTE),
    ("tokenspermodelperminute", LimitKind.TOKENS_PER_MINUTE),
    ("tokensperday", LimitKind.TOKENS_PER_DAY),
)
_ANY = msgspec.json.Decoder(Any)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an error says about limits."""

    told: tuple[Told, ...] = ()
    wait_ms: int | None = None
    """After which it may be tried again."""


def told_by_body(body: bytes) -> Refusal:
    """Never raises: what says nothing teaches nothing."""
    message = read_error(body).message[:_READ_CHARS]
    again = _AGAIN.search(message)
    wait_ms = duration_ms(again[1]) if again else None
    google = _google(body)
    return Refusal((*_of_text(message), *google.told), google.wait_ms if wait_ms is None else wait_ms)


def _of_text(message: str) -> Iterator[Told]:
    if found := _MAX.search(message):
        yield Told(kind=_NAMES[found[1].lower()], limit=int(found[2]) or None)
    elif found := _OF.search(message):
        limit, used = int(found[2]), found[3]
        remaining = max(0, limit - int(used)) if used else None
        yield Told(kind=_NAMES[found[1].lower()], limit=limit or None, remaining=remaining)
    elif found := _BARE.search(message):
        yield Told(kind=_NAMES[found[1].lower()], limit=int(found[2]) or None)


def _google(body: bytes) -> Refusal:
    """Google's QuotaFailure and RetryInfo, also where the answer is a stream's array."""
    if b"type.googleapis.com" not in body:
        return Refusal()
    try:
        value = _ANY.decode(body)
    except UNREADABLE:
        return Refusal()
    details = as_dict(as_dict(value[0] if isinstance(value, list) and value else value).get("error")).get("details")
    told: list[Told] = []
    wait_ms = None
    for detail in map(as_dict, details if isinstance(details, list) else ()):
        violations = detail.get("violations")
        for violation in map(as_dict, violations if isinstance(violations, list) else ()):
            told += _of_quota(as_text(violation.get("quotaId")), as_text(violation.get("quotaValue")))
        if delay := as_text(detail.get("retryDelay")):
            wait_ms = duration_ms(delay)
    return Refusal(tuple(told), wait_ms)


def _of_quota(quota_id: str, value: str) -> list[Told]:
    name = quota_id.lower()
    kind = next((kind for words, kind in _GOOGLE_KINDS if words in name), None)
    return [Told(kind=kind, limit=int(value))] if kind and value.isascii() and value.isdigit() and int(value) else []
