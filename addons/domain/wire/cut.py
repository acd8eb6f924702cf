"""Finds where the values of a JSON object or array lie in the bytes, without decoding them.

msgspec splits the object into raw values in C and checks that it is JSON; the walk over the keys then only has to find
each raw value again, at the one place where it can be. What does not turn up there (a key given twice, whose first
value msgspec dropped) is refused: the cost of a refusal is a request that is forwarded untouched, that of a wrong span
a request that says something else. Both passes read the body where it lies; nothing of its size is copied.
"""

import re
from typing import TypeVar

import msgspec

from addons.domain.wire.contract import Span, WireError
from addons.domain.wire.surrogates import without_halves

T = TypeVar("T")

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])

_SPACE = rb"[ \t\r\n]*"
_OPEN_OBJECT = re.compile(_SPACE + rb"\{" + _SPACE)
_KEY = re.compile(rb'"(?:[^"\\]|\\.)*"' + _SPACE + b":" + _SPACE, re.DOTALL)
_CLOSE_OBJECT = re.compile(_SPACE + rb"\}")
_OPEN_ARRAY = re.compile(_SPACE + rb"\[" + _SPACE)
_CLOSE_ARRAY = re.compile(_SPACE + rb"\]")
_COMMA = re.compile(_SPACE + b"," + _SPACE)

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on bytes that are not JSON, not UTF-8, or nested deeper than Python's stack."""


def cut_object(body: bytes, span: Span | None = None) -> dict[str, Span]:
    """Where the value of each key lies, in the order of the body. Keys are decoded, values are not.

    :param span: where the object lies in the body; the whole body if it is not given.
    :raises WireError: if it is not a JSON object, or gives a key twice.
    """
    raws, body = _decode(_OBJECT, body, span)
    position = _skip(_OPEN_OBJECT, body, span[0] if span else 0)
    spans: dict[str, Span] = {}
    for key, raw in raws.items():
        if spans:
            position = _skip(_COMMA, body, position)
        position = _skip(_KEY, body, position)
        spans[key] = position, (position := _past(raw, body, position))
    _skip(_CLOSE_OBJECT, body, position)
    return spans


def cut_array(body: bytes, span: Span | None = None) -> tuple[Span, ...]:
    """Where each item of a JSON array lies.

    :param span: where the array lies in the body; the whole body if it is not given.
    :raises WireError: if it is not a JSON array.
    """
    raws, body = _decode(_ARRAY, body, span)
    position = _skip(_OPEN_ARRAY, body, span[0] if span else 0)
    spans: list[Span] = []
    for raw in raws:
        if spans:
            position = _skip(_COMMA, body, position)
        spans.append((position, position := _past(raw, body, position)))
    _skip(_CLOSE_ARRAY, body, position)
    return tuple(spans)


def _decode(decoder: "msgspec.json.Decoder[T]", body: bytes, span: Span | None) -> tuple[T, bytes]:
    """The raw values, and the body that they are slices of: as long as the one given."""
    try:
        return decoder.decode(memoryview(body)[span[0] : span[1]] if span else body), body
    except UNREADABLE as error:
        if (whole := without_halves(body)) != body:
            return _decode(decoder, whole, span)
        raise WireError(f"request body: {error}") from error


def _skip(pattern: re.Pattern[bytes], body: bytes, position: int) -> int:
    match = pattern.match(body, position)
    if match is None:
        raise WireError(f"request body, byte {position}: a key is given twice, or the JSON is not what it seems")
    return match.end()


def _past(raw: msgspec.Raw, body: bytes, position: int) -> int:
    # bytes.startswith compares with memcmp; a comparison of memoryviews would go byte by byte.
    if not body.startswith(raw, position):
        raise WireError(f"request body, byte {position}: a key is given twice, or the JSON is not what it seems")
    return position + len(raw)
