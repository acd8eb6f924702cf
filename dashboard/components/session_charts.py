"""The charts of a session: tokens of each request, and the context window over time."""

import streamlit as st

from dashboard.charts.context_over_time import context_over_time
from dashboard.charts.tokens_per_request import input_per_request, output_per_request
from dashboard.components.beside import beside
from dashboard.components.chart import chart
from dashboard.figures import billed, fills, in_context
from dashboard.i18n import _
from dashboard.tail import SessionTail


def charts(tail: SessionTail) -> None:
    one, other = beside("charts")
    with one:
        st.markdown(_("**Tokens of each request** · reported, else estimated"))
        _tokens(tail)
    with other:
        st.markdown(_("**Context window at each request** · alerts at 80, 90 and 95 %"))
        _fill(tail)


def _tokens(tail: SessionTail) -> None:
    rows = [{"number": number, **billed(row)} for number, row in tail.numbered()]
    chart("input", rows, input_per_request(), _("Stacked bars of prompt tokens for each request"))
    chart("output", rows, output_per_request(), _("Stacked bars of generated tokens for each request"))


def _fill(tail: SessionTail) -> None:
    known = {row.id for row in in_context(tail.rows)}
    numbers = [number for number, row in tail.numbered() if row.id in known]
    shares = [{"number": number, **share} for number, share in zip(numbers, fills(tail.rows), strict=True)]
    if shares:
        chart("fill", shares, context_over_time(), _("Context fill and memory share for each request"))
        st.caption(_("A step down with a triangle is a compression; a diamond marks another request that changed what "
                     "had been sent before."))  # fmt: skip
    else:
        st.caption(_("No request of this session has a known context window yet."))
