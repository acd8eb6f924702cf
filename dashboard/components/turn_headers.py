"""The headers of one call, of the request as it was forwarded and of the answer. Captured text, hence a table."""

import streamlit as st

from dashboard import data
from dashboard.components.table import table
from dashboard.excerpts import sendable
from dashboard.i18n import N_, _

SIDES = {"request": N_("request"), "response": N_("answer")}


def headers(completion_id: int) -> None:
    """Closed until it is asked for."""
    with st.expander(_("Headers")):
        found = data.turn_headers(completion_id)
        st.caption(_("Only those that say something about the call and can hold no key; no text of it is kept."))
        if found:
            rows = [
                {"side": _(SIDES[one.side]), "name": sendable(one.name), "value": sendable(one.value)} for one in found
            ]
            columns = {
                "side": st.column_config.TextColumn(_("Sent with"), width=80),
                "name": st.column_config.TextColumn(_("Header"), width=220),
                "value": st.column_config.TextColumn(_("Value"), width=420),
            }
            table("headers", rows, columns)
        else:
            st.text(_("None are recorded for this call."))
