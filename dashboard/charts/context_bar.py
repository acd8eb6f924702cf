"""What fills the context window: one bar over its whole width, with the marks where alerts are raised."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import PARTS, colour
from dashboard.i18n import _

MARKS = (0.80, 0.90, 0.95)
"""Shares of the context window at which alerts are raised (design, § 7)."""
MARK_COLOURS = ("#d9a21b", "#e0701c", "#d33a2c")
TRACK = "#8a99a6"


@ready
def context_bar() -> Any:
    """Rows: part, start, end (0..1 of the window), tokens."""
    axis = alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 0.9, 1], grid=False, labelOverlap=True)
    x = alt.X("start:Q", scale=alt.Scale(domain=[0, 1], clamp=True, nice=False), title=None, axis=axis)
    track = (
        alt.Chart(alt.Data(values=[{"start": 0, "end": 1}]))
        .mark_bar(color=TRACK, opacity=0.18, cornerRadius=4, height=30)
        .encode(x=x, x2="end:Q")
    )
    parts = (
        alt.Chart()
        .mark_bar(height=30)
        .encode(
            x=x,
            x2="end:Q",
            color=colour("part", PARTS),
            tooltip=[
                alt.Tooltip("name:N", title=_("Part")),
                alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
                alt.Tooltip("share:Q", title=_("Of the window"), format=".1%"),
            ],
        )
    )
    marks = (
        alt.Chart(alt.Data(values=[{"at": at, "hue": hue} for at, hue in zip(MARKS, MARK_COLOURS, strict=True)]))
        .mark_rule(strokeWidth=2)
        .encode(x="at:Q", color=alt.Color("hue:N", scale=None))
    )
    layers = alt.layer(track, parts, marks).resolve_scale(color="independent")
    return layers.properties(height=120)
