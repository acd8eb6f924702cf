"""What a provider's error body says, wherever it says it.

The forms are told apart in a fixed order, because they overlap: `{"error": …}` (OpenAI, Kimi, Groq, OpenRouter, Gemini,
Anthropic; Gemini's also in an array), a flat `{"message", "type", "code"}` (Cerebras, SiliconFlow, Mistral with
`"object": "error"`), `{"detail": …}` (Mistral), RFC 7807's `{"status", "title", "detail"}` (NVIDIA), a bare string
(SiliconFlow), no JSON at all.
"""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.values import as_dict, as_text

_ANY = msgspec.json.Decoder(Any)
_PAGE_BYTES = 64 * 1024
"""How much is read of what is not JSON; the title of a gateway's page stands at its beginning."""
_HTML_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    message: str = ""
    """For people, as the provider wrote it: not scrubbed."""
    codes: tuple[str, ...] = ()
    """Types, codes, reasons: names for machines."""
    status: int | None = None
    """An HTTP status that stands in the body; of an error inside a stream the only one."""


def read_error(body: bytes) -> ErrorBody:
    """Never raises: a body of no known form is a message."""
    try:
        value = _ANY.decode(body)
    except UNREADABLE:
        return ErrorBody(_text_of_page(body))
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        return _read_object(value)
    return ErrorBody(as_text(value))


def _text_of_page(body: bytes) -> str:
    text = body[:_PAGE_BYTES].decode(errors="replace").strip()
    if not text.startswith("<"):
        return text
    title = _HTML_TITLE.search(text)
    return title[1].strip() if title else ""


def _read_object(value: dict[str, Any]) -> ErrorBody:
    error = value.get("error")
    if isinstance(error, dict):
        return _read_nested(error, value)
    if error and isinstance(error, str):
        message = as_text(value.get("message") or value.get("error_description"))
        return ErrorBody(": ".join(filter(None, (error, message))), _codes(value), _status(value.get("status_code")))
    if "message" in value:
        return ErrorBody(_message(value["message"]), _codes(value), _status(value.get("code"), value.get("status")))
    if "title" in value:
        message = ": ".join(filter(None, (as_text(value["title"]), as_text(value.get("detail")))))
        return ErrorBody(message, _codes(value), _status(value.get("status")))
    return ErrorBody(_message(value.get("detail")), _codes(value), _status(value.get("status")))


def _read_nested(error: dict[str, Any], around: dict[str, Any]) -> ErrorBody:
    metadata = as_dict(error.get("metadata"))
    message = _message(error.get("message"))
    if upstream := as_text(metadata.get("raw")):
        # OpenRouter says "Provider returned error" and hands on what the provider said.
        said = read_error(upstream.encode(errors="replace"))
        message = ": ".join(filter(None, (message, said.message)))
    details = error.get("details")
    codes = (
        *_codes(error),
        *_codes(metadata, "error_type", "provider_code"),
        *(
            code
            for detail in (details if isinstance(details, list) else [])
            for code in _codes_of_detail(as_dict(detail))
        ),
    )
    return ErrorBody(message, codes, _status(error.get("code"), around.get("status_code")))


def _codes_of_detail(detail: dict[str, Any]) -> tuple[str, ...]:
    """Google's ErrorInfo has a reason, QuotaFailure the quotas that were exceeded."""
    violations = detail.get("violations")
    quotas = [as_dict(violation) for violation in (violations if isinstance(violations, list) else [])]
    return (*_codes(detail, "reason"), *(code for quota in quotas for code in _codes(quota, "quotaId")))


def _codes(value: dict[str, Any], *keys: str) -> tuple[str, ...]:
    found = (value.get(key) for key in (keys or ("type", "code", "status", "reason", "param")))
    return tuple(str(code) for code in found if isinstance(code, (str, int)) and not isinstance(code, bool))


def _message(value: Any) -> str:
    """A string, or FastAPI's list of what is wrong with which field, or an object with either as `detail`."""
    if isinstance(value, dict):
        value = value.get("detail", value.get("message"))
    if not isinstance(value, list):
        return as_text(value)
    return "; ".join(_message_of_field(as_dict(entry)) or as_text(entry) for entry in value)


def _message_of_field(entry: dict[str, Any]) -> str:
    location = entry.get("loc")
    place = ".".join(str(part) for part in location) if isinstance(location, list) else ""
    return ": ".join(filter(None, (as_text(entry.get("type")), place, as_text(entry.get("msg")))))


def _status(*values: Any) -> int | None:
    """The first that can be an HTTP status of an error; SiliconFlow's and Mistral's codes are none."""
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600:
            return value
    return None
