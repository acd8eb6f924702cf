"""The prompt before and after each compression, over time."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.charts.time_axis import time_axis
from dashboard.i18n import N_, _

NAMES = {"before": N_("Before"), "compressed": N_("Taken out"), "sent": N_("After")}


@ready
def compressions() -> Any:
    """Rows: at, before and after (tokens of the whole request), ratio (after / before)."""
    at = alt.X("at:T", title=None, axis=time_axis())
    axis = alt.Axis(format="~s", tickCount=5)
    tooltip = [
        alt.Tooltip("at:T", title=_("At"), format="%d %b %H:%M:%S"),
        alt.Tooltip("before:Q", title=_("Tokens before"), format=","),
        alt.Tooltip("after:Q", title=_("Tokens after"), format=","),
        alt.Tooltip("ratio:Q", title=_("Left of it"), format=".0%"),
    ]
    base = alt.Chart().transform_calculate(first="'before'", step="'compressed'", last="'sent'")
    shown = tuple(NAMES)
    lower = alt.Y("after:Q", title=None, axis=axis, scale=alt.Scale(zero=True))
    step = base.mark_rule(strokeWidth=5, opacity=1).encode(
        x=at, y="before:Q", y2="after:Q", color=colour("step", shown, NAMES), tooltip=tooltip
    )
    before = base.mark_point(size=130, filled=True, opacity=1).encode(
        x=at, y="before:Q", color="first:N", tooltip=tooltip
    )
    after = base.mark_point(size=130, filled=True, opacity=1).encode(x=at, y=lower, color="last:N", tooltip=tooltip)
    return alt.layer(step, before, after).properties(height=260)
