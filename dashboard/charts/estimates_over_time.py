"""How far the estimate of each request was from what its provider counted, before and after calibration."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.i18n import N_, _

NAMES = {"before": N_("Plain estimate"), "sent": N_("Calibrated")}


@ready
def estimates_over_time() -> Any:
    """Rows: number (of the request in its session), who (of NAMES), off (tokens / counted - 1), tokens, counted."""
    points = (
        alt.Chart()
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=28, filled=True))
        .encode(
            x=alt.X("number:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1, grid=False),
                    scale=alt.Scale(zero=False, nice=False)),
            y=alt.Y("off:Q", title=None, axis=alt.Axis(format="+.0%", tickCount=4)),
            color=colour("who", tuple(NAMES), NAMES),
            tooltip=[
                alt.Tooltip("number:Q", title=_("Request")),
                alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
                alt.Tooltip("counted:Q", title=_("Tokens, as reported"), format=","),
                alt.Tooltip("off:Q", title=_("Off by"), format="+.1%"),
            ],
        )
    )  # fmt: skip
    exact = (
        alt.Chart(alt.Data(values=[{"at": 0}]))
        .mark_rule(strokeDash=[5, 4])
        .encode(y="at:Q", color=alt.value("#8a99a6"))
    )
    return alt.layer(exact, points).properties(height=180)
