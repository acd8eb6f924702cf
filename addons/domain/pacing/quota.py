"""Kimi Code's quotas: what `GET /coding/v1/usages` says, and when one will be used up.

Two forms are in use (seen in public issues of 2026, e.g. akitaonrails/ai-usagebar#199): `usage` for the week with
`limits` for shorter windows, whose numbers are strings; and shares under `usages`. Where both stand, the shares win:
the numbers may all be "0" then.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.times import moment_ms
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.values import as_dict, as_text

MINUTE_MS = 60_000
SHARE_LIMIT = 10_000
"""What a share is counted of."""

PERIOD_MS = {
    LimitKind.QUOTA_5_HOURS: 5 * 60 * MINUTE_MS,
    LimitKind.QUOTA_WEEK: 7 * 24 * 60 * MINUTE_MS,
    LimitKind.QUOTA_MONTH: 30 * 24 * 60 * MINUTE_MS,
    LimitKind.QUOTA_MONTH_CODE: 30 * 24 * 60 * MINUTE_MS,
}
_OF_MINUTES = {300: LimitKind.QUOTA_5_HOURS, 10_080: LimitKind.QUOTA_WEEK}
_OF_NAME = {
    "limit_5h": LimitKind.QUOTA_5_HOURS,
    "limit_7d": LimitKind.QUOTA_WEEK,
    "limit_month_total": LimitKind.QUOTA_MONTH,
    "limit_month_code": LimitKind.QUOTA_MONTH_CODE,
}
_UNIT_MINUTES = (("minute", 1), ("hour", 60), ("day", 1440), ("week", 10_080))
_ANY = msgspec.json.Decoder(Any)


class Sample(NamedTuple):
    """How much of a quota was used at a time."""

    at_ms: int
    used: int


def told_by_usages(body: bytes, now_ms: int) -> list[Told]:
    """Empty where the answer is none of the known forms. Never raises."""
    try:
        value = as_dict(_ANY.decode(body))
    except UNREADABLE:
        return []
    found = {told.kind: told for told in _counts(value, now_ms)}
    found |= {told.kind: told for told in _shares(as_dict(value.get("usages")), now_ms)}
    return list(found.values())


def used_up_at_ms(kind: LimitKind, told: Told, samples: Sequence[Sample], now_ms: int) -> int | None:
    """When nothing will be left, should it go on as in the samples of this period, or, where there are not two, as
    since the period's beginning. None: not before it is reset, or nobody can say.
    """
    if told.limit is None or told.remaining is None or told.reset_at_ms is None:
        return None
    if told.remaining == 0:
        return now_ms
    used = told.limit - told.remaining
    start = Sample(told.reset_at_ms - PERIOD_MS[kind], 0)
    first = next((sample for sample in samples if sample.at_ms > start.at_ms and sample.used <= used), start)
    if now_ms - first.at_ms < MINUTE_MS:
        first = start
    spent, passed_ms = used - first.used, now_ms - first.at_ms
    if spent <= 0 or passed_ms <= 0:
        return None
    at_ms = now_ms + told.remaining * passed_ms // spent
    return at_ms if at_ms < told.reset_at_ms else None


def _counts(value: Mapping[str, Any], now_ms: int) -> Iterator[Told]:
    if week := _count(LimitKind.QUOTA_WEEK, as_dict(value.get("usage")), now_ms):
        yield week
    limits = value.get("limits")
    for entry in map(as_dict, limits if isinstance(limits, list) else ()):
        window = as_dict(entry.get("window"))
        kind = _OF_MINUTES.get(_minutes(window))
        if kind and (told := _count(kind, as_dict(entry.get("detail")), now_ms)):
            yield told


def _count(kind: LimitKind, detail: Mapping[str, Any], now_ms: int) -> Told | None:
    limit, remaining, used = (_number(detail.get(name)) for name in ("limit", "remaining", "used"))
    if not limit:
        return None
    if remaining is None and used is not None:
        remaining = max(0, limit - used)
    return Told(kind=kind, limit=limit, remaining=remaining, reset_at_ms=_reset(detail, now_ms))


def _shares(usages: Mapping[str, Any], now_ms: int) -> Iterator[Told]:
    for name, kind in _OF_NAME.items():
        detail = as_dict(usages.get(name))
        ratio = detail.get("used_ratio")
        if isinstance(ratio, int | float) and not isinstance(ratio, bool) and ratio >= 0:
            remaining = max(0, round(SHARE_LIMIT * (1 - min(ratio, 1))))
            yield Told(kind=kind, limit=SHARE_LIMIT, remaining=remaining, reset_at_ms=_reset(detail, now_ms))


def _reset(detail: Mapping[str, Any], now_ms: int) -> int | None:
    said = as_text(detail.get("resetTime")) or as_text(detail.get("reset_time"))
    return moment_ms(said, now_ms) if said else None


def _minutes(window: Mapping[str, Any]) -> int:
    """0 where it does not say."""
    unit = as_text(window.get("timeUnit")).lower()
    factor = next((factor for word, factor in _UNIT_MINUTES if word in unit), 0)
    return (_number(window.get("duration")) or 0) * factor


def _number(value: Any) -> int | None:
    """Numbers are strings in one of the forms."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15 else None
