"""What the providers still allow, how fast they answer, how they fail, and which requests went elsewhere."""

import streamlit as st

from dashboard import data, format, provider_figures, told
from dashboard.charts.errors_over_time import errors_over_time
from dashboard.charts.latency import latency_distribution
from dashboard.components import filters
from dashboard.components.beside import beside
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import DURATION, FILL, TOKENS, per_cent, when
from dashboard.components.limits_now import limits_now
from dashboard.components.table import table
from dashboard.data import DURATION as WHOLE
from dashboard.data import FIRST_BYTE, HealthFilter
from dashboard.excerpts import sendable
from dashboard.i18n import _

ROUTINGS = 200


def _wanted() -> HealthFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return HealthFilter(
            since_ms=filters.period("7d"),
            provider=filters.provider(),
            kind=filters.kind(),
        )


def _providers(wanted: HealthFilter) -> bool:
    """Whether there was any request."""
    st.markdown(_("**By provider**"))
    outcomes = data.provider_outcomes(wanted)
    if not outcomes:
        st.caption(_("No request matches. Choose a longer period, or clear the other filters."))
        filters.clear_button()
        return False
    first, whole = (data.answer_times(wanted, time).latencies for time in (FIRST_BYTE, WHOLE))
    table("providers", provider_figures.by_provider(outcomes, first, whole), {
        "provider": _("Provider"),
        "requests": TOKENS(_("Requests")),
        "errors": TOKENS(_("Errors")),
        "share": FILL(_("Failed")),
        "first_50": DURATION(_("First byte, p50"), help=_("Half of the complete answers began within this time.")),
        "first_95": DURATION(_("First byte, p95"), help=_("Nineteen of twenty began within this time.")),
        "whole_50": DURATION(_("Duration, p50")),
        "whole_95": DURATION(_("Duration, p95")),
    })  # fmt: skip
    if not all(row.exact for row in [*first, *whole]):
        st.caption(_("Times of a provider with very many answers are estimated, to within a fifth."))
    return True


def _times(wanted: HealthFilter) -> None:
    one, other = beside("times")
    with one:
        st.markdown(_("**Time to first byte** · share of answers"))
        _distribution("first-byte", wanted, FIRST_BYTE)
    with other:
        st.markdown(_("**Duration** · share of answers"))
        _distribution("duration", wanted, WHOLE)


def _distribution(key: str, wanted: HealthFilter, time: str) -> None:
    rows = provider_figures.shares(data.answer_times(wanted, time).steps)
    if rows:
        chart(key, rows, latency_distribution(), _("Share of answers by the time they took, a line for each provider"))
        columns = {"provider": _("Provider"), "step": _("Time"), "requests": TOKENS(_("Answers")),
                   "percent": FILL(_("Share of answers"))}  # fmt: skip
        some = [row | {"percent": per_cent(row["share"])} for row in rows if row["requests"]]
        chart_table(f"{key}-rows", some, columns, format.UNKNOWN)
    else:
        st.caption(_("No complete answer in this selection."))


def _errors(wanted: HealthFilter) -> None:
    st.markdown(_("**Errors by class**"))
    span_ms = filters.span_ms("7d")
    rows = provider_figures.stacked(data.errors_over_time(wanted, span_ms), span_ms)
    if rows:
        framed = provider_figures.framed(rows, wanted.since_ms, format.now_ms())
        chart("errors", framed, errors_over_time(), _("Failed requests over time, a colour for each class of error"))
        columns = {"from": when(_("From"), "MMM D, HH:mm"), "name": _("Error"), "count": TOKENS(_("Requests"))}
        chart_table("errors-rows", [row | {"from": format.utc(row["at"])} for row in rows], columns, format.UNKNOWN)
    else:
        st.caption(_("None in this selection."))


def _routing(wanted: HealthFilter) -> None:
    st.markdown(_("**Routing** · requests that went elsewhere than asked"))
    ways, decisions = data.rerouted(wanted.since_ms), data.routing_decisions(wanted.since_ms, ROUTINGS)
    if not ways and not decisions:
        st.caption(_("None in this period: every request went to the model that was asked for."))
    if ways:
        rows = [
            {"asked": sendable(way.routed_from), "to": sendable(f"{way.provider}/{way.model}"),
             "requests": way.requests, "sessions": way.sessions, "last": format.utc(way.last_ms)}
            for way in ways
        ]  # fmt: skip
        table("ways", rows, {
            "asked": st.column_config.TextColumn(_("Asked"), width=260),
            "to": st.column_config.TextColumn(_("Went to"), width=260),
            "requests": TOKENS(_("Requests")),
            "sessions": TOKENS(_("Sessions")),
            "last": when(_("Last"), "MMM D, HH:mm:ss"),
        })  # fmt: skip
    if decisions:
        rows = [
            {"at": format.utc(one.at_ms), "level": format.word(one.level), "message": sendable(told.routing(one)),
             "session": sendable(one.session_name) or (_("Unnamed") if one.session_id else None)}
            for one in decisions
        ]  # fmt: skip
        table("decisions", rows, {
            "at": when(_("At"), "MMM D, HH:mm:ss"),
            "level": _("Level"),
            "message": st.column_config.TextColumn(_("Decision and reason"), width=600),
            "session": st.column_config.TextColumn(_("Session"), width=220),
        })  # fmt: skip


def _page() -> None:
    wanted = _wanted()
    limits_now(wanted.provider)
    with st.container(border=True):
        found = _providers(wanted)
    if found:
        _times(wanted)
        with st.container(border=True):
            _errors(wanted)
    with st.container(border=True):
        _routing(wanted)


_page()
