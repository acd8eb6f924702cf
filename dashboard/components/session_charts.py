"""The two charts of a session: tokens of each request, and the context window over time."""

import streamlit as st

from dashboard.charts.context_over_time import context_over_time
from dashboard.charts.tokens_per_request import tokens_per_request
from dashboard.components.chart import chart
from dashboard.figures import billed, fills, in_context
from dashboard.i18n import _
from dashboard.tail import SessionTail


def charts(tail: SessionTail) -> None:
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.markdown(_("**Tokens of each request** · reported where the provider says, else estimated"))
        rows = [{"number": number, **billed(row)} for number, row in tail.numbered()]
        chart("tokens", rows, tokens_per_request(), _("Stacked bars of tokens for each request"))
    with right, st.container(border=True):
        st.markdown(_("**Context window over time** · alerts at 80, 90 and 95 %"))
        known = {row.id for row in in_context(tail.rows)}
        shares = [{"number": number, **fills(row)} for number, row in tail.numbered() if row.id in known]
        if shares:
            chart("fill", shares, context_over_time(), _("Context fill and memory share for each request"))
        else:
            st.caption(_("No request of this session has a known context window yet."))
