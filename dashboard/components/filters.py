"""The filters that most pages share: period, provider and session."""

from addons.domain.events import Level
from addons.domain.kinds import Kind
from dashboard import data
from dashboard.components.address import choice, value
from dashboard.data import SessionFilter
from dashboard.format import ago, label, now_ms, word
from dashboard.i18n import N_, _

HOUR_MS = 3_600_000
PERIODS = {"1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 168 * HOUR_MS, "30d": 720 * HOUR_MS, "all": None}
SPANS = {"1h": HOUR_MS // 20, "24h": HOUR_MS, "7d": 6 * HOUR_MS, "30d": 24 * HOUR_MS, "all": 24 * HOUR_MS}
"""What a chart over each period sums up in one place, in milliseconds."""
SESSIONS_OFFERED = 100
_NAMES = {
    "1h": N_("Last hour"),
    "24h": N_("Last 24 hours"),
    "7d": N_("Last 7 days"),
    "30d": N_("Last 30 days"),
    "all": N_("All time"),
}


def period(default: str = "7d") -> int | None:
    """Since when, in milliseconds; None for all time. Rounded to the minute, so that a cached answer is found again."""
    chosen = choice("period", _("Period"), list(PERIODS), lambda key: _(_NAMES[key]), default, width=160)
    length_ms = PERIODS[chosen]
    return None if length_ms is None else (now_ms() - length_ms) // 60_000 * 60_000


def since(default: str = "7d") -> str:
    """Of the period chosen, as an export's address says it; "" for all time."""
    chosen = value("period", default)
    return chosen if PERIODS.get(chosen) is not None else ""


def span_ms(default: str = "7d") -> int:
    """Of the period chosen."""
    return SPANS.get(value("period", default), SPANS[default])


def provider() -> str:
    """ "" for all."""
    options = ["", *data.providers()]
    return choice("provider", _("Provider"), options, lambda key: label(key, empty=_("All providers")), width=170)


def project() -> str:
    """ "" for all."""
    options = ["", *data.projects()]
    return choice("project", _("Project"), options, lambda key: label(key, empty=_("All projects")), width=170)


def kind() -> str:
    """Of requests; "" for all."""
    return choice("kind", _("Kind"), ["", *Kind], lambda key: word(key) or _("All kinds"), width=150)


def level(width: int = 180) -> str:
    """Of events; "" for all."""
    return choice("level", _("Level"), ["", *Level], lambda key: word(key) or _("All levels"), width=width)


def session() -> str:
    """ "" for all; in the address as `?of=ID`, because `?session=` names the one that a page is about."""
    offered = {row.id: row for row in data.sessions_latest(SessionFilter(), SESSIONS_OFFERED)}
    linked = value("of")
    if linked and linked not in offered and (row := data.session(linked)):
        offered[linked] = row

    def named(key: str) -> str:
        if not key:
            return _("All sessions")
        row = offered[key]
        return f"{label(row.name, empty=_('Unnamed'))} · {ago(row.last_seen_ms, now_ms())}"

    return choice("of", _("Session"), ["", *offered], named, width=290)
