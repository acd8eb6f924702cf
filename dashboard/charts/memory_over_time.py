"""Which share of the prompts was memory, over time."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import SERIES
from dashboard.charts.time_axis import time_axis
from dashboard.i18n import _


@ready
def memory_over_time() -> Any:
    """Rows: at (of the request, or where the span begins), ratio (0..1), memory, prompt (tokens), requests."""
    base = (
        alt.Chart()
        .transform_calculate(series="'memory'")
        .encode(
            x=alt.X("at:T", title=None, axis=time_axis()),
            y=alt.Y("ratio:Q", title=None, stack=None, scale=alt.Scale(zero=True),
                    axis=alt.Axis(format="~%", tickCount=5)),
            color=alt.Color("series:N", scale=alt.Scale(domain=list(SERIES)), legend=None),
            tooltip=[
                alt.Tooltip("at:T", title=_("From"), format="%d %b %H:%M"),
                alt.Tooltip("ratio:Q", title=_("Memory ratio"), format=".1%"),
                alt.Tooltip("memory:Q", title=_("Memory tokens"), format=","),
                alt.Tooltip("prompt:Q", title=_("Prompt tokens"), format=","),
                alt.Tooltip("requests:Q", title=_("Requests"), format=","),
            ],
        )
    )  # fmt: skip
    area = base.mark_area(opacity=0.35, line={"strokeWidth": 2.5}, interpolate="monotone")
    return alt.layer(area, base.mark_point(filled=True, size=40, opacity=1)).properties(height=230)
