"""How well we count: the estimates of a session beside what its providers reported."""

from functools import partial

import streamlit as st

from dashboard import data
from dashboard.charts.estimates_over_time import estimates_over_time
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import TOKENS
from dashboard.components.table import table
from dashboard.estimate_figures import Error, by_request, deviations, errors
from dashboard.format import UNKNOWN, number, percent
from dashboard.i18n import _, n_
from dashboard.tail import SessionTail


def estimates(tail: SessionTail) -> None:
    found = errors(tail.rows, data.calibrations())
    with st.container(border=True, key="estimates"):
        st.markdown(_("**How far the estimates are off** · estimated here against reported"))
        if not found:
            st.caption(_("No answer among these requests says how many tokens its prompt had, so there is nothing to "
                         "compare with."))  # fmt: skip
            return
        for error in found:
            st.text(_words(error))
        points = deviations(tail.numbered())
        chart("estimates", points, estimates_over_time(), _("How far each estimate was off, before and after "
                                                            "calibration"))  # fmt: skip
        off = partial(st.column_config.NumberColumn, format="%+.1f %%")
        chart_table("estimates-rows", by_request(points), {
            "number": st.column_config.NumberColumn(_("Request"), width=75),
            "counted": TOKENS(_("Reported")),
            "before": TOKENS(_("Plain estimate")), "before-off": off(_("Off before")),
            "sent": TOKENS(_("Calibrated")), "sent-off": off(_("Off after")),
        }, UNKNOWN)  # fmt: skip
        if len(found) > 1:
            _table(found)
        st.caption(_("Calibration learns how each model counts from what its provider reports; context fill, routing "
                     "and limits use the calibrated estimate until a report is there."))  # fmt: skip


def _words(error: Error) -> str:
    """Captured names, hence for `st.text`."""
    words = n_("{model}: off by {after} ({before} before calibration), from {n} request shown here",
               "{model}: off by {after} ({before} before calibration), from {n} requests shown here",
               error.requests)  # fmt: skip
    said = words.format(model=error.model, after=percent(error.after), before=percent(error.before), n=error.requests)
    if error.ratio is None:
        return said
    learned = n_("{said}. Learned: {ratio} of its tokens for one of ours, from {n} report.",
                 "{said}. Learned: {ratio} of its tokens for one of ours, from {n} reports.",
                 error.reports)  # fmt: skip
    return learned.format(said=said, ratio=number(error.ratio, 2), n=error.reports)


def _table(found: list[Error]) -> None:
    rows = [
        {
            "provider": error.provider,
            "model": error.model,
            "requests": error.requests,
            "before": 100 * error.before,
            "after": 100 * error.after,
            "ratio": error.ratio,
            "reports": error.reports,
        }
        for error in found
    ]
    table("estimate-errors", rows, {
        "provider": _("Provider"),
        "model": _("Model"),
        "requests": TOKENS(_("Requests")),
        "before": st.column_config.NumberColumn(_("Off before"), format="%.1f %%"),
        "after": st.column_config.NumberColumn(_("Off after"), format="%.1f %%"),
        "ratio": st.column_config.NumberColumn(_("Its tokens for one of ours"), format="%.2f"),
        "reports": TOKENS(_("Reports learned from")),
    })  # fmt: skip
