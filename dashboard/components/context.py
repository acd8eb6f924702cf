"""The context window of one session: what fills it, and when it will be full at this pace."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.context_bar import context_bar
from dashboard.components.chart import chart
from dashboard.data import LiveRow, SessionRow
from dashboard.figures import composition, latest_in_context, requests_until_full, turns_until_full
from dashboard.i18n import _


def context(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    with st.container(border=True, key="context"):
        st.markdown(_("**What fills the context window** · latest request, parts estimated"))
        last = latest_in_context(rows)
        bars = composition(last) if last else []
        if bars:
            chart("context", bars, context_bar(), _("Parts of the latest prompt over the context window"))
        else:
            st.caption(_("Not known for this model: its context window is not in providers.toml."))
        st.text(_pace(session, rows))


def _pace(session: SessionRow, rows: Sequence[LiveRow]) -> str:
    fill = session.context_fill
    if fill is not None and fill >= 1:
        return _("The context window is full.")
    requests = requests_until_full(rows)
    if requests is None:
        return _("At this pace the window does not fill up, or there are too few requests to tell.")
    turns = turns_until_full(rows, requests)
    if turns is None:
        return _("At this pace the window is full in about {n} requests.").format(n=round(requests))
    return _("At this pace the window is full in about {n} turns ({m} requests).").format(
        n=max(1, round(turns)), m=round(requests)
    )
