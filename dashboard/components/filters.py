"""The filters that most pages share: when, where requests went, what for, and whose they were."""

import streamlit as st

from addons.domain.events import Level
from addons.domain.kinds import Kind
from dashboard import data
from dashboard.components.address import choice, forget, keep, value
from dashboard.data import SessionFilter
from dashboard.format import ago, label, now_ms, word
from dashboard.i18n import N_, _
from dashboard.pages import view

HOUR_MS = 3_600_000
PERIODS = {"1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 168 * HOUR_MS, "30d": 720 * HOUR_MS, "all": None}
SPANS = {"1h": HOUR_MS // 20, "24h": HOUR_MS, "7d": 6 * HOUR_MS, "30d": 24 * HOUR_MS, "all": 24 * HOUR_MS}
"""What a chart over each period sums up in one place, in milliseconds."""
SESSIONS_OFFERED = 100
PROXIES_OFFERED = 50
NAMES = ("provider", "model", "project", "kind", "outcome", "level", "user", "proxy", "of", "q", "show", "source",
         "state", "of_kind", "what", "log")  # fmt: skip
"""Of all pages' filters but the period, in the address."""
_PAGE = "page"
"""In the session state: the one that was drawn last."""
_NAMES = {
    "1h": N_("Last hour"),
    "24h": N_("Last 24 hours"),
    "7d": N_("Last 7 days"),
    "30d": N_("Last 30 days"),
    "all": N_("All time"),
}


def arrive(page: str) -> None:
    """Before a page is drawn: a link that names a filter names all, and those of the page before are not added to it.

    :param page: its file. The menu names no filter, so that what was chosen goes along.
    """
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        if any(name in st.query_params for name in ("period", *NAMES)):
            forget()


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
    return _named("provider", _("Provider"), data.providers(), _("All providers"))


def model(provider: str = "") -> str:
    """ "" for all. :param provider: whose models are offered; "" for all."""
    return _named("model", _("Model"), data.models(provider), _("All models"), width=190)


def project() -> str:
    """ "" for all."""
    return _named("project", _("Project"), data.projects(), _("All projects"))


def user() -> str:
    """Whose requests, where several people share a store; "" for all."""
    names = data.users()
    return _named("user", _("User"), names, _("All users")) if len(names) > 1 or value("user") else ""


def proxy(user: str) -> str:
    """Which of the user's proxies ("": of all), where there are several; "" for all."""
    ids = data.writers(user, PROXIES_OFFERED)
    return _named("proxy", _("Proxy"), ids, _("All proxies")) if len(ids) > 1 or value("proxy") else ""


def _named(name: str, title: str, names: list[str], every: str, width: int = 170) -> str:
    """By a name from the store. One that a link brings is offered too, else it would silently choose nothing.

    :param every: what stands for all of them, in our own words.
    """
    linked = value(name)
    missing = [linked] if linked and linked not in names else []
    return choice(name, title, ["", *names, *missing], lambda key: label(key, empty=every), width=width)


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

    return choice("of", _("Session"), ["", *offered], named, width=240)


def nothing(words: str) -> None:
    """In the place of a page's figures, where the filters leave none.

    :param words: our own, on what can be done.
    """
    st.info(words)
    with st.container(horizontal=True, vertical_alignment="center"):
        clear_button()
        st.page_link(view("set_up.py"), label=_("Set up the proxy and your editor"))


def clear_button() -> None:
    """Where any filter is set."""
    if any(value(name) for name in NAMES) or value("period") != "all":
        st.button(_("Clear filters"), key="clear-filters", on_click=_clear)


def _clear() -> None:
    """No filter at all, so of all time too: what then is not shown is not there."""
    for name in NAMES:
        keep(name, "")
    keep("period", "all")
