"""From a message that was masked to what it said."""

import streamlit as st

from dashboard import data
from dashboard.i18n import _
from dashboard.pages import view


def original_link(session_id: str, key: str) -> None:
    """:param key: the message's, in hex, as decisions about it are found by."""
    if tag := data.original_tags(session_id, (key,)).get(key):
        st.page_link(view("masked.py"), label=_("Open the original"), query_params={"digest": tag})
    else:
        st.caption(_("Its original is not kept any more."))
