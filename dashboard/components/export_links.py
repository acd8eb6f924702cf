"""Links to files: a selection of requests, and the report on a session. The files themselves are made by `routes`."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import N_, _, language

FORMATS = {
    "csv": (N_("CSV"), N_("For a spreadsheet. A text that it would run as a formula begins with an apostrophe.")),
    "json": (N_("JSON"), N_("One array.")),
    "jsonl": (N_("JSON Lines"), N_("One request a line, for scripts.")),
}  # fmt: skip
"""What each is called, and what it is good for."""


def export_links(key: str, wanted: Mapping[str, str]) -> None:
    """A button that offers the requests of a selection as files.

    :param wanted: filters of `addons.domain.selection`, as text; an empty one does not choose.
    """
    with st.popover(_("Export"), key=f"export-{key}", help=_("The requests of this selection, as a file.")):
        st.caption(_("All requests of this selection, the oldest first: the figures, not the texts. The file is made "
                     "while it is read, however long it is."))  # fmt: skip
        with st.container(horizontal=True):
            for form, (title, about) in FORMATS.items():
                st.link_button(_(title), rows_address(form, wanted), help=_(about), key=f"export-{key}-{form}")


def report_link(session_id: str) -> None:
    """A button that gives the report on a session, in the language of the page."""
    about = _("One file with the figures, charts and requests of this session: to keep, to print or to hand on.")
    st.link_button(
        _("Report"), report_address(session_id, language(), st.context.timezone or "UTC"), help=about, key="report"
    )


def rows_address(form: str, wanted: Mapping[str, str]) -> str:
    given = {name: text for name, text in wanted.items() if text}
    return _address(f"export/requests.{form}", given)


def report_address(session_id: str, lang: str, zone: str) -> str:
    """:param zone: by its name, of the times in it."""
    return _address("export/report", {"session": session_id, "lang": lang, "zone": zone})


def _address(path: str, parameters: Mapping[str, str]) -> str:
    """On this server, wherever it is mounted."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f"{'/' + base if base else ''}/{path}{query}"
