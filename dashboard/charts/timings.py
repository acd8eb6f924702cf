"""Where the time of one request went: one bar from its arrival to the answer's end."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.i18n import _

TIMES = ("overhead", "wait", "first", "stream")


@ready
def timings() -> Any:
    """Rows: part (of TIMES), name, start, end and took (seconds)."""
    bars = (
        alt.Chart()
        .mark_bar(height=30)
        .encode(
            x=alt.X("start:Q", title=None, scale=alt.Scale(zero=True, nice=False),
                    axis=alt.Axis(format="~f", labelExpr="datum.label + ' s'", grid=False, tickCount=6)),
            x2="end:Q",
            color=colour("part", TIMES),
            tooltip=[
                alt.Tooltip("name:N", title=_("Part")),
                alt.Tooltip("took:Q", title=_("Seconds"), format=".4f"),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=120)
