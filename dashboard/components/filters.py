"""The filters that most pages share: period and provider."""

from dashboard import data
from dashboard.components.address import choice
from dashboard.format import label, now_ms
from dashboard.i18n import _

_HOUR_MS = 3_600_000
PERIODS = {"1h": _HOUR_MS, "24h": 24 * _HOUR_MS, "7d": 168 * _HOUR_MS, "30d": 720 * _HOUR_MS, "all": None}
_NAMES = {
    "1h": _("Last hour"),
    "24h": _("Last 24 hours"),
    "7d": _("Last 7 days"),
    "30d": _("Last 30 days"),
    "all": _("All time"),
}


def period(default: str = "7d") -> int | None:
    """Since when, in milliseconds; None for all time. Rounded to the minute, so that a cached answer is found again."""
    chosen = choice("period", _("Period"), list(PERIODS), _NAMES.__getitem__, default, width=170)
    length_ms = PERIODS[chosen]
    return None if length_ms is None else (now_ms() - length_ms) // 60_000 * 60_000


def provider() -> str:
    """ "" for all."""
    options = ["", *data.providers()]
    return choice("provider", _("Provider"), options, lambda key: label(key, empty=_("All providers")), width=190)
