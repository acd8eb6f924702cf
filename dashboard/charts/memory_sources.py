"""Whose memory it was, and how much of it was sent again and again."""

from typing import Any

import altair as alt

from dashboard.charts.legend import ROOM_PX
from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.i18n import N_, _

PARTS = {"memory": N_("Sent first"), "fresh": N_("Sent again")}
"""By the place in the palette that each has."""
LABEL_PX = f"{ROOM_PX} < 320 ? 90 : 165"
"""In half of a narrow page the bars and the legend over them need the room."""


@ready
def memory_sources() -> Any:
    """Rows: part (of PARTS), name (of it), source (server and type), place, start, end, tokens, segments."""
    bars = (
        alt.Chart()
        .mark_bar(cornerRadius=2, height={"band": 0.66})
        .encode(
            y=alt.Y("source:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                    axis=alt.Axis(labelLimit=alt.ExprRef(LABEL_PX), ticks=False, domain=False, labelFontSize=13)),
            x=alt.X("start:Q", title=None, scale=alt.Scale(zero=True, nice=False),
                    axis=alt.Axis(format="~s", tickCount=5)),
            x2="end:Q",
            color=colour("part", tuple(PARTS), PARTS, axis_px=180),
            tooltip=[
                alt.Tooltip("source:N", title=_("Server and type")),
                alt.Tooltip("name:N", title=_("Part")),
                alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
                alt.Tooltip("segments:Q", title=_("Segments"), format=","),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=230)
