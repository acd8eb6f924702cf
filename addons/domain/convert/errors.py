"""A provider's error in the client's form: message, kind and waiting time; never a success.

The message is the provider's own, whole: the client reads what it would have read. What is recorded is scrubbed
elsewhere (`provider_errors`).
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from addons.domain.convert.contract import Failure, Reply
from addons.domain.convert.fields import encode
from addons.domain.error_bodies import read_error
from addons.domain.provider_errors import ErrorClass, classify_error
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.values import as_dict, as_text

_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")
_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
_ANY = msgspec.json.Decoder(Any)

_STATUSES = {
    ErrorClass.RATE: 429,
    ErrorClass.QUOTA: 429,
    ErrorClass.AUTH: 401,
    ErrorClass.CONTEXT: 400,
    ErrorClass.OVERLOAD: 503,
    ErrorClass.BAD_REQUEST: 400,
    ErrorClass.TRANSPORT: 504,
}
"""For an error inside a stream, whose own status was 200."""
_OPENAI: dict[ErrorClass, tuple[str, str | None]] = {
    ErrorClass.RATE: ("rate_limit_error", "rate_limit_exceeded"),
    ErrorClass.QUOTA: ("insufficient_quota", "insufficient_quota"),
    ErrorClass.AUTH: ("invalid_request_error", "invalid_api_key"),
    ErrorClass.CONTEXT: ("invalid_request_error", "context_length_exceeded"),
    ErrorClass.OVERLOAD: ("server_error", None),
    ErrorClass.BAD_REQUEST: ("invalid_request_error", None),
    ErrorClass.TRANSPORT: ("server_error", None),
}
"""Type and code by which OpenAI's clients tell errors apart."""
_GOOGLE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "RESOURCE_EXHAUSTED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    413: "INVALID_ARGUMENT",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""google.rpc.Code by HTTP status."""


def write_error(status: int, body: bytes, reply: Reply, headers: Mapping[str, str] | None = None) -> Failure:
    """:param headers: of the provider's answer, names in lower case.

    The status stays, except that Google's 400 for a bad key becomes OpenAI's 401, by which its clients know it.
    """
    said = classify_error(status, body)
    if status < 400:
        status = read_error(body).status or _STATUSES[said.error_class]
    message = read_error(body).message or said.message
    wait_s = retry_after_s(body, headers or {})
    if reply.client == "gemini":
        return _google(status, message, wait_s, reply)
    if status == 400 and said.error_class is ErrorClass.AUTH:
        status = 401
    kind, code = _OPENAI[said.error_class]
    error = {"message": message, "type": kind, "param": None, "code": code}
    return Failure(status=status, body=encode({"error": error}), headers=_retry_headers(wait_s))


def retry_after_s(body: bytes, headers: Mapping[str, str]) -> float | None:
    """How long the provider asks to wait: its header in milliseconds, in seconds, or Google's RetryInfo. A date in the
    header is not read, for it needs a clock."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        if re.fullmatch(r"\d{1,9}(\.\d+)?", headers.get(name, "")):
            return float(headers[name]) / unit
    try:
        value = _ANY.decode(body)
    except UNREADABLE:
        return None
    error = as_dict(as_dict(value[0] if isinstance(value, list) and value else value).get("error"))
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        delay = _DELAY.fullmatch(as_text(as_dict(detail).get("retryDelay")))
        if delay:
            return float(delay[1])
    return None


def _retry_headers(wait_s: float | None) -> dict[str, str]:
    """Whole seconds, rounded up, for clients in general; milliseconds for OpenAI's SDK, which reads them first."""
    if wait_s is None:
        return {}
    return {"retry-after": str(math.ceil(wait_s)), "retry-after-ms": str(math.ceil(wait_s * 1000))}


def _google(status: int, message: str, wait_s: float | None, reply: Reply) -> Failure:
    error: dict[str, Any] = {"code": status, "message": message}
    error["status"] = _GOOGLE.get(status, "INTERNAL" if status >= 500 else "INVALID_ARGUMENT")
    if wait_s is not None:
        error["details"] = [{"@type": _RETRY_INFO, "retryDelay": f"{wait_s:g}s"}]
    return Failure(status=status, body=encode({"error": error}), headers=_retry_headers(wait_s))
