"""How many answers of each provider took how long."""

from typing import Any

import altair as alt

from dashboard.charts.cache_share import by_provider
from dashboard.charts.ready import ready
from dashboard.i18n import _


@ready
def latency_distribution() -> Any:
    """Rows: step (its bounds as text), place (of the step), provider, share (0..1 of its answers), requests."""
    shares = alt.Chart().encode(
        x=alt.X("step:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("share:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(format=".0%", tickCount=5)),
        color=by_provider("stroke"),
        tooltip=[
            alt.Tooltip("provider:N", title=_("Provider")),
            alt.Tooltip("step:N", title=_("Seconds")),
            alt.Tooltip("share:Q", title=_("Share of its answers"), format=".1%"),
            alt.Tooltip("requests:Q", title=_("Requests"), format=","),
        ],
    )  # fmt: skip
    lines = shares.mark_line(strokeWidth=2.5, interpolate="monotone")
    return alt.layer(lines, shares.mark_point(filled=True, size=45, opacity=1)).properties(height=220)
