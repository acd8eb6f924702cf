"""What stands in a predecessor's columns, as values that mean something: SQLite lets any type into any column."""

import base64
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from db.text import safe

LARGEST = 2**31 - 1
"""PostgreSQL's INTEGER; no request has more tokens."""
LATEST_MS = 4_102_444_800_000
"""The year 2100; a number beyond it is none of seconds, and a time beyond it is none."""
PREVIEW = 100_000
"""Characters of a text that is kept beside a row."""


def count(value: object) -> int | None:
    """A whole number from 0 to LARGEST, else None: not known."""
    number = value if type(value) is int else _number(value)
    return int(number) if number is not None and 0 <= number <= LARGEST else None


def fraction(percent: object) -> float | None:
    """Percent over 100, which may be more than 1; None where it is no number or negative."""
    number = _number(percent)
    return number / 100 if number is not None and number >= 0 else None


def at_ms(value: object) -> int | None:
    """Milliseconds since 1970 of a time in text (UTC where it names no zone) or in seconds; None: cannot be read."""
    if isinstance(value, str):
        found = _text_ms(value)
    else:
        number = _number(value)
        found = None if number is None else int(number if number > LATEST_MS / 1000 else number * 1000)
    return found if found is not None and 0 <= found <= LATEST_MS else None


def clean(text: str) -> str:
    """As it may be stored: without keys, without what a database refuses."""
    return _clean(text) if len(text) <= 300 else safe(text, PREVIEW)


def as_json(row: Mapping[str, object]) -> str:
    """What is known, without keys."""
    return msgspec.json.encode({name: _plain(value) for name, value in row.items() if value is not None}).decode()


@lru_cache(maxsize=4_096)
def _clean(text: str) -> str:
    """Remembered, because the same preview stands with each request of a turn."""
    return safe(text, PREVIEW)


def _plain(value: object) -> object:
    if type(value) is int:
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _number(value: object) -> float | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text_ms(text: str) -> int | None:
    try:
        when = datetime.fromisoformat(text.strip())
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return at_ms(number) if (number := _number(text)) is not None else None
