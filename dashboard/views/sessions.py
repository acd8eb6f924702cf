"""All sessions, with their own counters: to be found, opened, compared, put in order and removed."""

import streamlit as st

from dashboard import data
from dashboard.components import filters
from dashboard.components.export_links import export_links, report_link
from dashboard.components.pager import pager
from dashboard.components.project_list import project_list
from dashboard.components.session_actions import deleted_actions, session_actions
from dashboard.components.session_filters import session_filters
from dashboard.components.session_list import chosen, session_list
from dashboard.components.session_pair import session_pair
from dashboard.components.session_totals import session_totals
from dashboard.components.session_undo import outcome
from dashboard.data import SessionFilter, SessionRow
from dashboard.i18n import _, n_
from dashboard.pages import view

PAGE = 50


def _open(row: SessionRow) -> None:
    every = {"of": row.id, "period": "all"}
    with st.container(border=True, key="selected"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(row.name or _("Unnamed"))
            st.page_link(view("session.py"), label=_("Open the session"), query_params={"session": row.id})
            st.page_link(view("requests.py"), label=_("Its requests"), query_params=every)
            st.page_link(view("savings.py"), label=_("Its savings"), query_params=every)
            st.page_link(view("masked.py"), label=_("What it masks"), query_params=every)
            export_links("session", {"session": row.id})
            report_link(row.id)
        session_actions(row)


def _deleted(row: SessionRow) -> None:
    with st.container(border=True, key=f"selected-{row.id}"):
        st.text(row.name or _("Unnamed"))
        deleted_actions(row)


def _chosen(rows: list[SessionRow], wanted: SessionFilter) -> None:
    """What can be done to the chosen ones; more than two can only be looked at one by one."""
    if wanted.deleted:
        for row in rows:
            if row.id in chosen():
                _deleted(row)
        return
    found = [one for id_ in chosen() if (one := data.session(id_))]
    if len(found) == 2:
        session_pair(*found)
    elif len(found) == 1:
        _open(found[0])
    elif found:
        st.caption(_("Choose one session to change it, or two to compare or merge them."))


def _page() -> None:
    outcome()
    wanted, sort = session_filters()
    found = data.session_sums(wanted)
    if not found.sessions:
        filters.nothing(_("No session matches. Choose a longer period, or clear the other filters."))
    else:
        session_totals(found)
        total = found.sessions
        offset = pager("sessions", n_("{n} session", "{n} sessions", total), total, PAGE)
        rows = data.sessions_latest(wanted, PAGE, offset, sort)
        session_list(rows, deleted=wanted.deleted)
        _chosen(rows, wanted)
        st.caption(_("Counters of the whole session; pinned ones come first. Context fill is of its latest request; "
                     "prompt tokens are as reported, else estimated; an empty cost means that no price is "
                     "known."))  # fmt: skip
    project_list()


_page()
