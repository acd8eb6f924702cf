"""The headers of one call, of the request as it was forwarded and of the answer. Captured text, hence a table."""

import streamlit as st

from dashboard import data
from dashboard.excerpts import sendable
from dashboard.i18n import N_, _

SIDES = {"request": N_("request"), "response": N_("answer")}


def headers(completion_id: int) -> None:
    """Closed until it is asked for."""
    with st.expander(_("Headers")):
        found = data.turn_headers(completion_id)
        st.caption(_("Only those that say something about the call and can hold no key; no text of it is kept."))
        if found:
            st.dataframe(
                [
                    {"side": _(SIDES[one.side]), "name": sendable(one.name), "value": sendable(one.value)}
                    for one in found
                ],
                column_config={
                    "side": st.column_config.TextColumn(_("Of the"), width=90),
                    "name": st.column_config.TextColumn(_("Header"), width=260),
                    "value": _("Value"),
                },
                hide_index=True,
                key="headers",
            )
        else:
            st.text(_("None are recorded for this call."))
