"""When a limit is free again, in the many ways in which providers write it."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])")
_UNIT_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_EPOCH_MS, _EPOCH_S = 100_000_000_000, 1_000_000_000
"""From these on a bare number is a time since 1970 in milliseconds (of 1973 and later) or in seconds (2001)."""
MOST_MS = 400 * 86_400_000
"""What lies further ahead is no time at which a limit is reset."""


def duration_ms(text: str) -> int | None:
    """`2m59.56s`, `7.66ms`, `1h2m`, `20s`, or a bare number of seconds; None: none of them."""
    text = text.strip().lower()
    parts = _PART.findall(text)
    if parts and "".join(number + unit for number, unit in parts) == text:
        return _ahead(sum(float(number) * _UNIT_MS[unit] for number, unit in parts))
    seconds = _number(text)
    return None if seconds is None else _ahead(seconds * 1000)


def moment_ms(text: str, now_ms: int) -> int | None:
    """Since 1970, from what `duration_ms` reads, seconds or milliseconds since 1970, ISO 8601 or an HTTP date."""
    number = _number(text)
    if number is not None and number >= _EPOCH_S:
        at_ms = int(number if number >= _EPOCH_MS else number * 1000)
        return at_ms if at_ms < now_ms + MOST_MS else None
    ahead_ms = duration_ms(text)
    return now_ms + ahead_ms if ahead_ms is not None else _date_ms(text.strip())


def _ahead(value_ms: float) -> int | None:
    return round(value_ms) if 0 <= value_ms <= MOST_MS else None


def _number(text: str) -> float | None:
    """None also for `inf` and `nan`."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _date_ms(text: str) -> int | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
            return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
        except (ValueError, OverflowError):
            continue
    return None
