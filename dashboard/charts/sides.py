"""Two sessions in one chart each, so that both stand on the same scales."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.i18n import _

SIDES = ("left", "right")


@ready
def fills_of_sides() -> Any:
    """Rows: number (of the request in its session), side (of SIDES), name, value (0..1 of the window)."""
    axis = alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    return _lines(_("Context fill"), axis, ".1%", alt.Scale(domain=[0, 1], clamp=True, nice=False))


@ready
def sizes_of_sides() -> Any:
    """The same rows with tokens as their value."""
    return _lines(_("Prompt tokens"), alt.Axis(format="~s", tickCount=5), ",", alt.Scale(zero=True))


@ready
def costs_of_sides() -> Any:
    """The same rows with US dollars as their value."""
    return _lines(_("US dollars"), alt.Axis(format="$,~f", tickCount=5), "$.4f", alt.Scale(zero=True))


def _lines(title: str, axis: alt.Axis, shown: str, scale: alt.Scale) -> Any:
    lines = (
        alt.Chart()
        .mark_line(strokeWidth=2.5, interpolate="monotone")
        .encode(
            x=alt.X("number:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1, grid=False),
                    scale=alt.Scale(zero=False, nice=False)),
            y=alt.Y("value:Q", title=None, axis=axis, scale=scale),
            color=colour("side", SIDES),
            tooltip=[
                alt.Tooltip("name:N", title=_("Session")),
                alt.Tooltip("number:Q", title=_("Request")),
                alt.Tooltip("value:Q", title=title, format=shown),
            ],
        )
    )  # fmt: skip
    return alt.layer(lines).properties(height=300)


@ready
def parts_of_sides() -> Any:
    """Rows: part (its name), place, side (of SIDES), name, tokens."""
    bars = (
        alt.Chart()
        .mark_bar(cornerRadius=2)
        .encode(
            y=alt.Y("part:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                    axis=alt.Axis(labelLimit=180, ticks=False, domain=False)),
            yOffset=alt.YOffset("side:N", sort=list(SIDES)),
            x=alt.X("tokens:Q", title=None, axis=alt.Axis(format="~s", tickCount=6), scale=alt.Scale(zero=True)),
            color=colour("side", SIDES),
            tooltip=[
                alt.Tooltip("name:N", title=_("Session")),
                alt.Tooltip("part:N", title=_("Part")),
                alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=300)
