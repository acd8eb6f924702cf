"""The menu: a page is a file in views/ and one line here."""

from typing import NamedTuple

from dashboard.i18n import N_


class PageSpec(NamedTuple):
    section: str
    title: str
    """In English, as the section: each is translated where it is drawn."""
    file: str
    """In views/; without `.py` it is also the page's address."""
    without_store: bool = False
    """It has something to say before there is a database; all others are replaced by words on what to do."""


NOW, HISTORY, PROXY = N_("Now"), N_("History"), N_("Proxy")

PAGES = (
    PageSpec(NOW, N_("Session"), "session.py"),
    PageSpec(HISTORY, N_("Sessions"), "sessions.py"),
    PageSpec(HISTORY, N_("Compare sessions"), "compare.py"),
    PageSpec(HISTORY, N_("Requests"), "requests.py"),
    PageSpec(HISTORY, N_("One request"), "turn.py"),
    PageSpec(HISTORY, N_("Usage and cost"), "usage.py"),
    PageSpec(HISTORY, N_("Savings and cache"), "savings.py"),
    PageSpec(HISTORY, N_("Memory"), "memory.py"),
    PageSpec(HISTORY, N_("Masked content"), "masked.py"),
    PageSpec(HISTORY, N_("Compression"), "compression.py"),
    PageSpec(HISTORY, N_("IDE log"), "ide_log.py"),
    PageSpec(PROXY, N_("Providers and limits"), "limits.py"),
    PageSpec(PROXY, N_("Alerts"), "alerts.py"),
    PageSpec(PROXY, N_("Settings"), "settings.py"),
    PageSpec(PROXY, N_("Set up"), "set_up.py", without_store=True),
)
"""Sections in the order of their first page; the first page is the default. No icons: a page's Material icon becomes
the favicon, which the browser then fetches from fonts.gstatic.com."""


def view(file: str) -> str:
    """Where `st.switch_page` and `st.page_link` find it."""
    return f"views/{file}"
