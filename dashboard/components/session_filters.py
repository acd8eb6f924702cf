"""Which sessions the list shows, in what order: all of it in the address."""

from dataclasses import replace

import streamlit as st

from dashboard.components import address, filters
from dashboard.components.export_links import export_links
from dashboard.data import SessionFilter
from dashboard.i18n import N_, _

SHOWN = {"": N_("All sessions"), "pinned": N_("Pinned"), "deleted": N_("Deleted and merged")}
SOURCES = {
    "": N_("All sources"),
    "proxy": N_("Seen by the proxy"),
    "logs": N_("From the IDE's log"),
    "legacy": N_("Imported"),
}
SORTED = {
    "seen": N_("Last active"),
    "started": N_("Started"),
    "cost": N_("Cost"),
    "tokens": N_("Tokens"),
    "requests": N_("Requests"),
    "fill": N_("Context fill"),
    "saved": N_("Tokens saved"),
}
"""Each is one of `data.SESSION_SORTS`; the first is the usual one."""


def session_filters() -> tuple[SessionFilter, str]:
    """What to show, and the key of its order."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = address.text("q", _("Name, project, model or id"), width=230)
        since_ms, provider = filters.period("30d"), filters.provider()
        model, project = filters.model(provider), filters.project()
        of_requests = SessionFilter(since_ms=since_ms, provider=provider, model=model, project=project)
        wanted = replace(of_requests, text=text)
        shown = _choice("show", _("Show"), SHOWN, "", 200)
        wanted = replace(wanted, pinned=shown == "pinned", deleted=shown == "deleted")
        wanted = replace(wanted, source=_choice("source", _("Source"), SOURCES, "", 160))
        sort = _choice("sort", _("Sort by"), SORTED, "seen", 165)
        if wanted == of_requests:  # what else there is chooses sessions; an export is of requests
            chosen = {"provider": provider, "model": model, "project": project}
            export_links("sessions", {"since": filters.since("30d"), **chosen})
    return wanted, sort


def _choice(name: str, title: str, options: dict[str, str], default: str, width: int) -> str:
    return address.choice(name, title, list(options), lambda key: _(options[key]), default, width)
