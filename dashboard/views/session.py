"""One session, live: how full its context window is, of what, and what each request took."""

from uuid import uuid4

import streamlit as st

from dashboard import data
from dashboard.components import session_charts, session_table
from dashboard.components.actions import actions
from dashboard.components.boundary import boundary
from dashboard.components.clock import clock
from dashboard.components.compress_now import open_preview
from dashboard.components.context import context
from dashboard.components.estimates import estimates
from dashboard.components.export_links import export_links, report_link
from dashboard.components.figures_first import is_whole
from dashboard.components.filling import filling
from dashboard.components.latest_request import latest_request
from dashboard.components.session_heading import heading
from dashboard.components.session_picker import LATEST, picked, session_picker
from dashboard.components.tiles import tiles
from dashboard.data import SessionRow
from dashboard.format import now_ms
from dashboard.i18n import _
from dashboard.pages import view
from dashboard.tail import SessionTail

SHOWN = (25, 50, 100, 200, 400)
USUAL = 50


def _tail(session: SessionRow, shown: int) -> SessionTail:
    """The session's latest requests, kept by the tab and brought up to date."""
    tail: SessionTail | None = st.session_state.get("tail")
    if tail is None or (tail.session_id, tail.limit) != (session.id, shown):
        tail = st.session_state["tail"] = SessionTail(session.id, shown)
    tail.refresh(data.session_tail, data.changed_since)
    return tail


def _pace_s(live: bool) -> int | None:
    """Seconds between refreshes, for as many live tabs as there are; None: only when the person asks."""
    return data.refresh_s(st.session_state.setdefault("tab", uuid4().hex)) if live else None


def _summary(wanted: str, shown: int, pace_s: int | None) -> None:
    """Every `pace_s`; where tabs have come or gone, the page is run anew at another pace."""
    if pace_s is not None and _pace_s(live=True) != pace_s:
        st.rerun()
    with boundary():
        session = picked(wanted)
        if session is None:
            st.rerun()
        tail = _tail(session, shown)
        with st.container(horizontal=True, vertical_alignment="center", key="heading"):
            with st.container(width="stretch"):
                heading(session)
                if pace_s is None:
                    st.caption(_("As it was at {time}, and not live").format(time=clock(now_ms())))
            with st.container(width="content", horizontal=True, vertical_alignment="center"):
                st.page_link(view("compare.py"), label=_("Compare"), query_params={"left": session.id})
                export_links("session", {"session": session.id})
                report_link(session.id)
        context(session, tail.rows)
        tiles(session, tail.rows)
        actions(session, tail.rows)
        latest_request(tail.rows)


def _details(wanted: str, shown: int) -> None:
    """Three times slower: charts and a table cost more, in the browser too."""
    with boundary():
        session = picked(wanted)
        if session is not None:
            tail = _tail(session, shown)
            session_charts.charts(tail)
            filling(session, tail.rows)
            session_table.table(tail)
            estimates(tail)


def _controls() -> tuple[str, int, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        wanted = session_picker()
        if not is_whole():
            return wanted, USUAL, True
        shown = st.selectbox(_("Requests shown"), SHOWN, index=SHOWN.index(USUAL), key="shown", width=150)
        live = st.toggle(_("Live"), value=True, key="live", help=_("Refresh by itself, every one to five seconds."))
    return wanted, shown, live


@st.fragment(run_every="2s")
def _wait() -> None:
    with boundary():
        if picked(LATEST) is not None:
            st.rerun()


def _empty(wanted: str) -> None:
    if wanted == LATEST:
        st.info(_("No session yet. The first request through the proxy opens one, and it appears here by itself."))
        _wait()
    else:
        st.warning(_("There is no such session. It may have been deleted, or the address is incomplete."))
    st.page_link(view("set_up.py"), label=_("Set up the proxy and your editor"))
    st.page_link(view("sessions.py"), label=_("All sessions"))


session_table.open_chosen()
open_preview()
wanted, shown, live = _controls()
if picked(wanted) is None:
    _empty(wanted)
else:
    pace_s = _pace_s(live)
    st.fragment(_summary, run_every=pace_s)(wanted, shown, pace_s)
    st.fragment(_details, run_every=pace_s and 3 * pace_s)(wanted, shown)
