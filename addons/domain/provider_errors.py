"""What went wrong at a provider: one class for the many ways of saying it, and a message fit to be kept."""

import re
from dataclasses import dataclass
from enum import StrEnum

from addons.domain.error_bodies import ErrorBody, read_error
from addons.domain.scrub import scrub

MAX_MESSAGE_CHARS = 500
"""What `Completion.error_message` may have."""

_READ_CHARS = 4000
"""How much of a message is looked at; an error page may be long."""


class ErrorClass(StrEnum):
    RATE = "rate"
    """Too many requests or tokens in a while: waiting helps."""
    QUOTA = "quota"
    """The account's money or allowance is used up: waiting a little does not help."""
    AUTH = "auth"
    """The key, or what it may do."""
    CONTEXT = "context"
    """The request is larger than the model takes."""
    OVERLOAD = "overload"
    """The provider has too much to do, or failed inside."""
    BAD_REQUEST = "bad_request"
    """The request is not as the provider wants it."""
    TRANSPORT = "transport"
    """No answer: not reached, cut off, or timed out on the way."""


@dataclass(frozen=True, slots=True)
class ProviderError:
    error_class: ErrorClass
    message: str
    """Scrubbed of keys and identifiers, one line, at most MAX_MESSAGE_CHARS."""


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_QUOTA = _words(
    r"exceeded_current_quota_error",
    r"insufficient[_ ]quota",
    r"insufficient[_ ](?:account[_ ])?(?:balance|credits|funds)",
    r"balance is insufficient",
    r"requires more credits",
    r"\brecharge\b",
    r"in arrears",
    r"reached your .{0,40}usage limit",
    r"(?:monthly|weekly|daily) usage limit",
    r"billing[ -]cycle",
    r"exceeded your current quota",
)
_GOOGLE_RATE = _words(r"\bresource_exhausted\b", r"perminute", r"persecond")
_GOOGLE_DAY = _words(r"perday")
"""Google calls both "quota": its quota ids tell a limit per minute, which passes, from one per day, which does not."""

_OVERLOAD = _words(
    r"overload",
    r"service_tier_capacity_exceeded",
    r"queue_exceeded",
    r"\b3505\b",
    r"\b50505\b",
    r"\bunavailable\b",
    r"capacity exceeded",
)
_RATE = _words(
    r"rate[_ -]?limit",
    r"too many requests",
    r"too_many_(?:tokens|requests)",
    r"token_quota_exceeded",
    r"\b50602\b",
    r"max (?:rpm|tpm|rpd|tpd|concurrency)",
    r"tokens per (?:minute|day|hour)",
)
_CONTEXT = _words(
    r"context[ _-]?length",
    r"context[ _-]?window.{0,200}exceed",
    r"exceed.{0,200}context[ _-]?window",
    r"maximum context",
    r"exceed(?:ed|s|ing)?\s+(?:the\s+)?max(?:imum)?\s+tokens?",
    r"too many tokens",
    r"prompt is too long",
    r"input token (?:length too long|count.{0,200}exceed)",
    r"exceed(?:ed|s|ing)? model token limit",
    r"current length is .{0,100} while limit is",
    r"exceed context limit",
    r"max_seq_len",
    r"total message size .{0,40} exceeds",
    r"request_too_large",
)
_NOT_CONTEXT = _words(r"string_above_max_length")
_AUTH = _words(
    r"(?:invalid|incorrect|wrong)_api_key",
    r"api_key_invalid",
    r"api key not valid",
    r"invalid api key",
    r"authentication",
    r"unauthorized",
    r"invalid token",
    r"permission_denied",
    r"access_terminated",
)
_MODERATION = _words(r"moderation", r"flagged")

_MAY_BE_CONTEXT = frozenset({200, 400, 413, 422})
"""A context that is too large is refused with these; 200 is a stream's."""
_TIMED_OUT = frozenset({408, 499, 504, 520, 521, 522, 523, 524, 525, 526})
"""Timeouts, and what Cloudflare says when it does not reach the provider."""


def classify_error(status: int | None, body: bytes) -> ProviderError:
    """The class and the message of an answer that is an error, or of an error inside a stream.

    :param status: the HTTP status; 200 for an error inside a stream; None if no answer came.
    :param body: the answer's body, or `StreamEvent.error`; if no answer came, what the network said, or nothing.
    """
    said = read_error(body)
    if status is None:
        return ProviderError(ErrorClass.TRANSPORT, _tidy(said.message) or "no answer from the provider")
    if status < 400:
        status = said.status or status
    return ProviderError(_class_of(status, said), _tidy(said.message) or f"HTTP {status}")


def _class_of(status: int, said: ErrorBody) -> ErrorClass:
    """By words first: providers use one status for several classes, 429 and 400 above all."""
    codes = " ".join(said.codes).lower()
    words = f"{codes} {said.message[:_READ_CHARS].lower()}"
    if _GOOGLE_RATE.search(codes):
        return ErrorClass.QUOTA if _GOOGLE_DAY.search(codes) else ErrorClass.RATE
    if status == 402 or _QUOTA.search(words):
        return ErrorClass.QUOTA
    if _OVERLOAD.search(words):
        return ErrorClass.OVERLOAD
    # Before the context: Groq refuses what exceeds its tokens per minute with 413.
    if status == 429 or _RATE.search(words):
        return ErrorClass.RATE
    if status in _MAY_BE_CONTEXT and _CONTEXT.search(words) and not _NOT_CONTEXT.search(words):
        return ErrorClass.CONTEXT
    if _AUTH.search(words):
        return ErrorClass.AUTH
    return _class_of_status(status, words)


def _class_of_status(status: int, words: str) -> ErrorClass:
    if status in (401, 403):
        return ErrorClass.BAD_REQUEST if _MODERATION.search(words) else ErrorClass.AUTH
    if status == 413:
        return ErrorClass.CONTEXT
    if status in _TIMED_OUT:
        return ErrorClass.TRANSPORT
    # 498 is Groq's, for flexible capacity that is used up. An error that a stream only calls one is the provider's.
    if status == 498 or status >= 500 or status < 400:
        return ErrorClass.OVERLOAD
    return ErrorClass.BAD_REQUEST


def _tidy(message: str) -> str:
    text = " ".join(scrub(message[:_READ_CHARS]).split())
    return text if len(text) <= MAX_MESSAGE_CHARS else text[: MAX_MESSAGE_CHARS - 1] + "…"
