"""What was paid, beside what the same requests would have cost without us and without a prefix cache."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import SERIES
from dashboard.i18n import _


@ready
def cost_compared() -> Any:
    """Rows: series (of SERIES), label (words and amount), place, usd, more (share above what was paid)."""
    bars = (
        alt.Chart()
        .mark_bar(cornerRadius=3, height={"band": 0.62})
        .encode(
            y=alt.Y("label:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                    axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labelFontSize=13)),
            x=alt.X("usd:Q", title=None, scale=alt.Scale(zero=True, nice=False),
                    axis=alt.Axis(format="$,~f", tickCount=5)),
            color=alt.Color("series:N", scale=alt.Scale(domain=list(SERIES)), legend=None),
            tooltip=[
                alt.Tooltip("label:N", title=_("Cost")),
                alt.Tooltip("usd:Q", title=_("US dollars"), format="$.4f"),
                alt.Tooltip("more:Q", title=_("Against what was paid"), format="+.1%"),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=170)
