"""The context window of one session: how full it is, when it will be full at this pace, and what fills it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import data, filling_figures
from dashboard.charts.context_bar import coarse_context_bar, context_bar
from dashboard.components.chart import chart
from dashboard.components.tile import Tile, figure
from dashboard.components.tiles import tiles_of
from dashboard.data import LiveRow, SessionRow
from dashboard.figures import PACE_REQUESTS, composition, latest_in_context, requests_until_full, turns_until_full
from dashboard.format import UNKNOWN
from dashboard.i18n import _, n_


def context(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    with st.container(border=True, key="context"):
        st.markdown(_("**What fills the context window** · latest request, parts estimated"))
        fill, *_others, turns = tiles_of(session, rows)
        with st.container(horizontal=True, key="context-figures"):
            for tile in (fill, until_full(rows), turns):
                with st.container(width="stretch", gap=None):
                    figure(tile)
        last = latest_in_context(rows)
        if not last or not bar("context", last):
            st.caption(_("Not known for this model: its context window is not in providers.toml."))


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


def until_full(rows: Sequence[LiveRow]) -> Tile:
    """When the window will be full."""
    about = _("At the mean growth of the latest {n} requests, since the last compression.").format(n=PACE_REQUESTS)
    last, requests = latest_in_context(rows), requests_until_full(rows)
    if last is not None and (last.context_fill or 0) >= 1:
        return Tile(_("Full in"), _("full"), _("the next request may be refused"), about)
    if requests is None:
        return Tile(_("Full in"), UNKNOWN, _("not at this pace, or too few requests to tell"), about)
    left, turns = round(requests), turns_until_full(rows, requests)
    in_requests = n_("{n} request", "{n} requests", left).format(n=left)
    if turns is None:
        return Tile(_("Full in"), in_requests, _("at this pace"), about)
    n = max(1, round(turns))
    in_turns = n_("{n} turn", "{n} turns", n).format(n=n)
    return Tile(_("Full in"), in_turns, _("{requests} at this pace").format(requests=in_requests), about)
