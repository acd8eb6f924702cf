"""Lenient readers of single values: providers and clients differ in types, and a surprise must not lose the rest."""

from typing import Any, TypeVar

import msgspec

from addons.domain.wire.contract import WireError
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.surrogates import without_halves

T = TypeVar("T")

NOTHING = msgspec.Raw()
"""What a raw field is when the object does not have it: no bytes."""


_TEXT = msgspec.json.Decoder(str)

MAX_COUNT = 10**12
"""More is a provider's slip, not a count, and sums of it would not fit the store's integers."""


def decode(decoder: "msgspec.json.Decoder[T]", raw: bytes, what: str) -> T:
    """Half a surrogate pair is read as U+FFFD.

    :raises WireError: naming `what`, if the bytes are not what the decoder expects.
    """
    try:
        return decoder.decode(raw)
    except UNREADABLE as error:
        if (whole := without_halves(bytes(raw))) != raw:
            return decode(decoder, whole, what)
        raise WireError(f"{what}: {error}") from error


def as_text(value: Any) -> str:
    """The string, or "" for anything else."""
    return value if isinstance(value, str) else ""


def as_count(value: Any) -> int | None:
    """A number of tokens; None for what is none. A whole number written as 12.0 is one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT else None


def as_cost(value: Any) -> float | None:
    """An amount of money; None for what is none."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= MAX_COUNT else None


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def text_of_raw(raw: bytes) -> str:
    """The text of a raw JSON value: a string's content, "" for null or nothing, anything else as written.

    :raises WireError: if a string is not UTF-8.
    """
    raw = bytes(raw)
    if raw.startswith(b'"'):
        return decode(_TEXT, raw, "string")
    return "" if raw in (b"", b"null") else raw.decode(errors="replace")


def texts_of(value: Any) -> list[str]:
    """The texts of a string, of a list of strings, or of a list of objects with `text`; token numbers have none."""
    if isinstance(value, list):
        return [as_text(as_dict(item).get("text")) if isinstance(item, dict) else as_text(item) for item in value]
    return [as_text(value)]


def has_value(raw: bytes) -> bool:
    """Whether a raw field is there and says something: not null, false, "" or {}."""
    return bytes(raw) not in (b"", b"null", b"false", b'""', b"{}")
