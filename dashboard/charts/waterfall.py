"""From the prompts as received to the prompts as sent: one step for each way of making them shorter."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import SERIES
from dashboard.i18n import _

STEPS = ("before", "masked", "compressed", "sent")


@ready
def waterfall() -> Any:
    """Rows: step (of STEPS), label (its name and its tokens), place, start, end (tokens), tokens, share (of before)."""
    bars = (
        alt.Chart()
        .mark_bar(cornerRadius=3, height={"band": 0.62})
        .encode(
            y=alt.Y("label:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                    axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labelFontSize=13)),
            x=alt.X("start:Q", title=None, scale=alt.Scale(zero=True, nice=False),
                    axis=alt.Axis(format="~s", tickCount=6)),
            x2="end:Q",
            color=alt.Color("step:N", scale=alt.Scale(domain=list(SERIES)), legend=None),
            tooltip=[
                alt.Tooltip("label:N", title=_("Step")),
                alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
                alt.Tooltip("share:Q", title=_("Of what was received"), format=".1%"),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=210)
