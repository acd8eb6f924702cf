"""Bars that lie one below the other, each with its name and its figure before it."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.charts.series import SERIES


def named_bars(
    begin: str, axis: alt.Axis, colour: str, tooltip: Sequence[alt.Tooltip], height: int, end: str = ""
) -> Any:
    """Rows: label (name and figure), place (of the bar, from above), and the fields named here.

    :param begin: amounts at which the bars begin; without an `end` those at which they end, and they begin at 0.
    :param colour: keys of SERIES.
    """
    names = alt.Axis(labelLimit=220, ticks=False, domain=False, labelFontSize=13)
    bars = (
        alt.Chart()
        .mark_bar(cornerRadius=3, height={"band": 0.62})
        .encode(
            y=alt.Y("label:N", sort=alt.EncodingSortField("place", op="min"), title=None, axis=names),
            x=alt.X(f"{begin}:Q", title=None, scale=alt.Scale(zero=True, nice=False), axis=axis),
            color=alt.Color(f"{colour}:N", scale=alt.Scale(domain=list(SERIES)), legend=None),
            tooltip=list(tooltip),
            **({"x2": f"{end}:Q"} if end else {}),
        )
    )
    # As the one layer of a layered chart, because above a chart without layers Streamlit's theme leaves a gap.
    return alt.layer(bars).properties(height=height)
