"""The menu: a page is a file in views/ and one line here."""

from typing import NamedTuple

from dashboard.i18n import _


class PageSpec(NamedTuple):
    section: str
    title: str
    file: str
    """In views/; without `.py` it is also the page's address."""
    without_store: bool = False
    """It has something to say before there is a database; all others are replaced by words on what to do."""


NOW, HISTORY, PROXY = _("Now"), _("History"), _("Proxy")

PAGES = (
    PageSpec(NOW, _("Session"), "session.py"),
    PageSpec(HISTORY, _("Sessions"), "sessions.py"),
    PageSpec(HISTORY, _("Requests"), "requests.py"),
    PageSpec(HISTORY, _("One request"), "turn.py"),
    PageSpec(HISTORY, _("Usage and cost"), "usage.py"),
    PageSpec(HISTORY, _("Savings and cache"), "savings.py"),
    PageSpec(HISTORY, _("Memory"), "memory.py"),
    PageSpec(HISTORY, _("Masked content"), "masked.py"),
    PageSpec(HISTORY, _("Compression"), "compression.py"),
    PageSpec(HISTORY, _("IDE log"), "ide_log.py"),
    PageSpec(PROXY, _("Providers and limits"), "limits.py"),
    PageSpec(PROXY, _("Alerts"), "alerts.py"),
    PageSpec(PROXY, _("Settings"), "settings.py"),
    PageSpec(PROXY, _("Set up"), "set_up.py", without_store=True),
)
"""Sections in the order of their first page; the first page is the default. No icons: a page's Material icon becomes
the favicon, which the browser then fetches from fonts.gstatic.com."""


def view(file: str) -> str:
    """Where `st.switch_page` and `st.page_link` find it."""
    return f"views/{file}"
