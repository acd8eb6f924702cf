"""What is left of each limit, a bar for each."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.i18n import _

COLOURS = {"enough": "#2ca25f", "low": "#e0801c", "very low": "#d03b3b"}
"""Readable on light and on dark."""


@ready
def headroom_bars() -> Any:
    """Rows: label (whose limit of what), place, share (0..1), level (of COLOURS), remaining, limit."""
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                axis=alt.Axis(labelLimit=330, ticks=False, domain=False, labelFontSize=13)),
        tooltip=[
            alt.Tooltip("label:N", title=_("Limit")),
            alt.Tooltip("share:Q", title=_("Left of it"), format=".1%"),
            alt.Tooltip("remaining:Q", title=_("Remaining"), format=","),
            alt.Tooltip("limit:Q", title=_("Of"), format=","),
        ],
    )  # fmt: skip
    x = alt.X("share:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False),
              axis=alt.Axis(format=".0%", values=[0, 0.1, 0.25, 0.5, 0.75, 1]))  # fmt: skip
    whole = base.mark_bar(height=14, cornerRadius=3, color="#8a99a6", opacity=0.22).encode(
        x=alt.datum(0, type="quantitative"), x2=alt.datum(1)
    )
    colour = alt.Color("level:N", legend=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())))
    left = base.mark_bar(height=14, cornerRadius=3).encode(x=x, color=colour)
    return alt.layer(whole, left).properties(height=alt.Step(26))
