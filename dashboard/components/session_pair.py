"""What can be done to two sessions chosen in the list: compare them, or make them one."""

import streamlit as st

from dashboard.components import session_undo
from dashboard.data import SessionRow
from dashboard.format import label
from dashboard.i18n import _
from dashboard.pages import view


def session_pair(one: SessionRow, other: SessionRow) -> None:
    earlier, later = sorted((one, other), key=lambda row: row.created_at_ms)
    with st.container(border=True, key="selected"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(earlier.name or _("Unnamed"))
            st.text("·")
            st.text(later.name or _("Unnamed"))
            st.page_link(view("compare.py"), label=_("Compare both"),
                         query_params={"left": earlier.id, "right": later.id})  # fmt: skip
        _merge(earlier, later)


def _merge(earlier: SessionRow, later: SessionRow) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rows = {row.id: row for row in (earlier, later)}
        st.selectbox(_("Name of the one session"), list(rows), width=360, key=f"merge-{earlier.id}-{later.id}",
                     format_func=lambda key: label(rows[key].name, empty=_("Unnamed")))  # fmt: skip
        st.button(_("Merge"), key="merge", on_click=_merge_now, args=(earlier, later),
                  help=_("All requests in one session, those to come of both conversations included. Each is still "
                         "forwarded as it was."))  # fmt: skip


def _merge_now(earlier: SessionRow, later: SessionRow) -> None:
    keep_name = st.session_state[f"merge-{earlier.id}-{later.id}"] == earlier.id
    payload = {"session_id": earlier.id, "other_id": later.id, "keep_name": keep_name}
    session_undo.ask("merge_sessions", payload, _("Merged."), later.name)
