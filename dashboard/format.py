"""Numbers and names as text. What is not known is a dash, never 0."""

import re
import time
from datetime import UTC, datetime
from functools import cache

from babel import Locale

from dashboard.catalogues import ENGLISH
from dashboard.i18n import N_, _, language

UNKNOWN = "–"
SPOKEN = {
    "rate": N_("rate limit"),
    "quota": N_("quota used up"),
    "auth": N_("key refused"),
    "context": N_("too large"),
    "overload": N_("overloaded"),
    "bad_request": N_("bad request"),
    "transport": N_("no answer"),
    "client_abort": N_("stopped by the client"),
    "upstream_abort": N_("cut off by the provider"),
}
"""Recorded words that say too little to a person, or are no words."""
_NOT_IN_LABELS = re.compile(
    r"""[^\w .:/@-]
    | :// | \bwww\.            # Markdown makes links of addresses without any sign around them,
    | @(?=[-\w]+\.)           # also of those of mail;
    | :(?=[\w+/-]+:)          # Streamlit draws icons for names between colons;
    | (?<![^\W_])_+ | _+(?![^\W_])  # and what stands between underscores is emphasised.
    """,
    re.VERBOSE | re.IGNORECASE,
)


def number(value: float, digits: int = 0) -> str:
    """With the separators of the person's language: 12,345.6 or 12 345,6."""
    return _separated(f"{value:,.{digits}f}")


def decimal(value: float) -> str:
    """With as many digits as it has: 0.25, 16."""
    return _separated(f"{value:g}")


def _separated(plain: str) -> str:
    return plain if language() == ENGLISH else plain.translate(_separators(language()))


@cache
def _separators(language: str) -> dict[int, str]:
    symbols = Locale.parse(language).number_symbols["latn"]
    return {ord(","): symbols["group"], ord("."): symbols["decimal"]}


def tokens(count: int | None) -> str:
    """Three significant digits are enough to read: 950, 12.3k, 1.25M, 6.69B (10⁹)."""
    if count is None:
        return UNKNOWN
    size = abs(count)
    if size < 1_000:
        return f"{count}"
    if size < 999_500:
        return _("{n}k").format(n=number(count / 1_000, 1 if size < 99_950 else 0))
    if size < 999_995_000:
        return _("{n}M").format(n=number(count / 1_000_000, 2))
    return _("{n}B").format(n=number(count / 1_000_000_000, 2))


def percent(share: float | None) -> str:
    """Of a share 0..1; one decimal below 10 %."""
    if share is None:
        return UNKNOWN
    return _("{n}%").format(n=number(100 * share, 1 if 0 < share < 0.0995 else 0))


def usd(amount: float | None) -> str:
    """Cents where they say something, four decimals for small change: five characters are enough for a tile."""
    if amount is None:
        return UNKNOWN
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    digits = 0 if size == 0 or size >= 99.995 else 2 if size >= 1 else 4
    return sign + _("${n}").format(n=number(size, digits))


def duration(milliseconds: float | None) -> str:
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 1_000:
        return _("{n} ms").format(n=number(milliseconds))
    seconds = milliseconds / 1_000
    if seconds < 60:
        return _("{n} s").format(n=number(seconds, 1))
    minutes, rest = divmod(round(seconds), 60)
    return _("{n} min {m} s").format(n=number(minutes), m=f"{rest:02d}")


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


def word(text: str) -> str:
    """A word that rows are recorded with (`addons.domain.vocabulary`); any other text stays as it is."""
    return _(SPOKEN.get(text, text))


def utc(at_ms: int | None) -> datetime | None:
    """For a date column, which shows it in the browser's time zone."""
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1_000, UTC)


def now_ms() -> int:
    return int(time.time() * 1_000)
