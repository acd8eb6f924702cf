"""How full the context window was at each request, with memory's share and the marks where alerts are raised."""

from typing import Any

import altair as alt

from dashboard.charts.context_bar import MARK_COLOURS, MARKS
from dashboard.charts.known import known
from dashboard.charts.ready import ready
from dashboard.charts.series import SERIES, colour
from dashboard.i18n import N_, _

NAMES = {"history": N_("Context fill"), "memory": N_("Memory")}
"""The fill has the colour of the history, which is most of it."""


@ready
def context_over_time() -> Any:
    """Rows: number (in the session), fill and memory (0..1 of the window), changed (a prefix was rewritten),
    compressed (by a summary), fill_before (of the request before that one)."""
    whole = alt.Axis(format="d", tickMinStep=1, grid=False)
    number = alt.X("number:Q", title=None, axis=whole, scale=alt.Scale(zero=False, nice=False))
    share = alt.Scale(domain=[0, 1], clamp=True, nice=False)
    axis = alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], labelOverlap=False)
    base = alt.Chart().transform_calculate(
        history="'history'", memory_key="'memory'", memory_said=known("memory", ".1%")
    )
    tooltip = [
        alt.Tooltip("number:Q", title=_("Request")),
        alt.Tooltip("fill:Q", title=_("Context fill"), format=".1%"),
        alt.Tooltip("memory_said:N", title=_("Of which memory")),
    ]
    fill = base.mark_area(opacity=0.28, line={"strokeWidth": 2.5}, interpolate="monotone").encode(
        x=number,
        y=alt.Y("fill:Q", scale=share, title=None, axis=axis, stack=None),
        color=colour("history", ("history", "memory"), NAMES),
        tooltip=tooltip,
    )
    memory = base.mark_area(opacity=0.55, line={"strokeWidth": 2}, interpolate="monotone").encode(
        x=number,
        y=alt.Y("memory:Q", scale=share, title=None, axis=axis, stack=None),
        color="memory_key:N",
        tooltip=tooltip,
    )
    changed = (
        base.transform_filter("datum.changed")
        .mark_point(shape="diamond", size=90, filled=True, color="#ea6a1f", opacity=1)
        .encode(x=number, y=alt.Y("fill:Q", scale=share, title=None, axis=axis), tooltip=tooltip)
    )
    areas = alt.layer(fill, memory)
    return (
        alt.layer(areas, changed, _compressions(base, number, share, axis, tooltip), _marks(share, axis))
        .resolve_scale(color="independent")
        .properties(height=330)
    )


def _compressions(base: Any, number: Any, share: Any, axis: Any, tooltip: Any) -> Any:
    """A step down from the request before, with a triangle at its foot."""
    made = base.transform_filter("datum.compressed").transform_calculate(key="'compressed'")
    hue = alt.Color("key:N", scale=alt.Scale(domain=list(SERIES)), legend=None)
    top = alt.Y("fill_before:Q", scale=share, title=None, axis=axis)
    foot = alt.Y("fill:Q", scale=share, title=None, axis=axis)
    step = made.mark_rule(strokeWidth=4).encode(x=number, y=top, y2="fill:Q", color=hue, tooltip=tooltip)
    point = made.mark_point(shape="triangle-down", size=170, filled=True, opacity=1)
    return alt.layer(step, point.encode(x=number, y=foot, color=hue, tooltip=tooltip))


def _marks(share: Any, axis: Any) -> Any:
    """Where alerts are raised."""
    marks = alt.Data(values=[{"at": at, "hue": hue} for at, hue in zip(MARKS, MARK_COLOURS, strict=True)])
    return (
        alt.Chart(marks)
        .mark_rule(strokeWidth=1.5, strokeDash=[5, 4])
        .encode(y=alt.Y("at:Q", scale=share, title=None, axis=axis), color=alt.Color("hue:N", scale=None))
    )
