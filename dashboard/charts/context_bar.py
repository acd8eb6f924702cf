"""What fills the context window: one bar over its whole width, with the marks where alerts are raised."""

from typing import Any

import altair as alt

from addons.domain.shares import PARTS as FINE_PARTS
from dashboard.charts.ready import ready
from dashboard.charts.series import PARTS, colour
from dashboard.i18n import _

MARKS = (0.80, 0.90, 0.95)
"""Shares of the context window at which alerts are raised (design, § 7)."""
MARK_COLOURS = ("#d9a21b", "#e0701c", "#d33a2c")
TRACK = "#8a99a6"
HEIGHT = 180


FINE = (*(part for part in FINE_PARTS if part != "prompt"), "new")
"""What the legend names: a legacy prompt's text, which has no other part beside it, needs none."""


@ready
def context_bar() -> Any:
    """Rows: part (of the finer ones, or new), name, start, end (0..1 of the window), top, bottom (0..1 of the bar's
    height), tokens, share (of the window)."""
    return _bar(FINE)


@ready
def coarse_context_bar() -> Any:
    """The same rows, where part is one of PARTS."""
    return _bar(PARTS)


def _bar(legend: tuple[str, ...]) -> Any:
    axis = alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 0.9, 1], grid=False, labelOverlap=True)
    x = alt.X("start:Q", scale=alt.Scale(domain=[0, 1], clamp=True, nice=False), title=None, axis=axis)
    y = alt.Y("top:Q", scale=alt.Scale(domain=[0, 1], reverse=True, nice=False), title=None, axis=None)
    track = (
        alt.Chart(alt.Data(values=[{"start": 0, "end": 1, "top": 0, "bottom": 1}]))
        .mark_rect(color=TRACK, opacity=0.18, cornerRadius=4)
        .encode(x=x, x2="end:Q", y=y, y2="bottom:Q")
    )
    parts = (
        alt.Chart()
        .mark_rect()
        .encode(
            x=x,
            x2="end:Q",
            y=y,
            y2="bottom:Q",
            color=colour("part", legend),
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
    return layers.properties(height=HEIGHT)
