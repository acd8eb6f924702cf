"""The context window of one session: what fills it, and when it will be full at this pace."""

from collections.abc import Sequence

import streamlit as st

from dashboard import data, filling_figures
from dashboard.charts.context_bar import coarse_context_bar, context_bar
from dashboard.components.actions import actions
from dashboard.components.chart import chart
from dashboard.data import LiveRow, SessionRow
from dashboard.figures import composition, latest_in_context, requests_until_full, turns_until_full
from dashboard.i18n import _


def context(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    with st.container(border=True, key="context"):
        st.markdown(_("**What fills the context window** · latest request, parts estimated"))
        last = latest_in_context(rows)
        if not last or not bar("context", last):
            st.caption(_("Not known for this model: its context window is not in providers.toml."))
        st.text(_pace(session, rows))
        actions(session)


def bar(key: str, row: LiveRow) -> bool:
    """What one request's prompt was made of, over its context window; False where that is not known."""
    found = data.composition_of(row.id)
    if found:
        bars, spec = filling_figures.bars(found, row.context_fill), context_bar()
    else:
        bars, spec = filling_figures.coarse_bars(composition(row)), coarse_context_bar()
    if bars:
        chart(key, bars, spec, _("Parts of the prompt over the context window"))
    return bool(bars)


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
