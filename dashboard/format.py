"""Numbers and names as text. What is not known is a dash, never 0."""

import re
import time
from datetime import UTC, datetime

from dashboard.i18n import _

UNKNOWN = "–"
_NOT_IN_LABELS = re.compile(r"[^\w .:/@-]")


def tokens(count: int | None) -> str:
    """Three significant digits are enough to read: 950, 12.3k, 1.25M."""
    if count is None:
        return UNKNOWN
    size = abs(count)
    if size < 1_000:
        return f"{count}"
    if size < 99_950:
        return f"{count / 1_000:.1f}k"
    if size < 999_500:
        return f"{count / 1_000:.0f}k"
    return f"{count / 1_000_000:.2f}M"


def percent(share: float | None) -> str:
    """Of a share 0..1; one decimal below 10 %."""
    if share is None:
        return UNKNOWN
    return f"{share:.1%}" if 0 < share < 0.0995 else f"{share:.0%}"


def usd(amount: float | None) -> str:
    """Cents where they say something, four decimals for small change."""
    if amount is None:
        return UNKNOWN
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    if size == 0:
        return "$0"
    return f"{sign}${size:,.2f}" if size >= 1 else f"{sign}${size:.4f}"


def duration(milliseconds: float | None) -> str:
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1_000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def ago(at_ms: int, now_ms: int) -> str:
    """How long ago, in the largest unit that is not 0."""
    seconds = max(0, now_ms - at_ms) // 1_000
    for size, text in ((86_400, _("{n} d ago")), (3_600, _("{n} h ago")), (60, _("{n} min ago"))):
        if seconds >= size:
            return text.format(n=seconds // size)
    return _("{n} s ago").format(n=seconds)


def label(text: str, empty: str = UNKNOWN) -> str:
    """A name from a client or a provider, fit for a label: labels are Markdown, and Markdown fetches images."""
    cleaned = " ".join(_NOT_IN_LABELS.sub(" ", text).split())[:80].strip()
    return cleaned or empty


def utc(at_ms: int | None) -> datetime | None:
    """For a date column, which shows it in the browser's time zone."""
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1_000, UTC)


def now_ms() -> int:
    return int(time.time() * 1_000)
