"""New alerts, told once in each tab on whatever page it shows."""

import streamlit as st

from addons.domain.events import Level
from dashboard import data, told
from dashboard.data import AlertRow
from dashboard.format import label
from dashboard.i18n import _

SHOWN = 3
"""At once; the page of alerts has all."""
_SEEN = "alert-seen"


def toasts() -> None:
    """:raises StoreUnavailable: if the store does not answer."""
    if _SEEN not in st.session_state:  # what was there before this tab is no news
        st.session_state[_SEEN] = data.alert_newest_id()
        return
    for row in data.alerts_after(st.session_state[_SEEN], SHOWN):
        st.session_state[_SEEN] = row.id
        _toast(row)


def _toast(row: AlertRow) -> None:
    """Its words are read as Markdown, hence cleaned, which takes signs from them: a share is said in words."""
    words = label(told.alert(row).replace("%", _("per cent")), empty=_("An alert"))
    match row.level:
        case Level.CRITICAL:
            st.toast(_(":red-badge[critical] {words}").format(words=words))
        case Level.WARNING:
            st.toast(_(":orange-badge[warning] {words}").format(words=words))
        case _other:
            st.toast(words)
