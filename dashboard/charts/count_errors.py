"""How far our estimate and the IDE's are from what the provider counted, call by call."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.charts.time_axis import time_axis
from dashboard.i18n import N_, _

NAMES = {"sent": N_("Estimated here"), "fresh": N_("Estimated by the IDE")}


@ready
def count_errors() -> Any:
    """Rows: at, who (sent: we, fresh: the IDE), off (tokens / counted - 1), tokens, counted (what it should be)."""
    points = (
        alt.Chart()
        .mark_point(size=55, filled=True, opacity=1)
        .encode(
            x=alt.X("at:T", title=None, axis=time_axis()),
            y=alt.Y("off:Q", title=None, axis=alt.Axis(format="+.0%", tickCount=5)),
            color=colour("who", tuple(NAMES), NAMES),
            tooltip=[
                alt.Tooltip("at:T", title=_("At"), format="%d %b %H:%M:%S"),
                alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
                alt.Tooltip("counted:Q", title=_("Tokens, as reported"), format=","),
                alt.Tooltip("off:Q", title=_("Off by"), format="+.1%"),
            ],
        )
    )
    exact = (
        alt.Chart(alt.Data(values=[{"at": 0}]))
        .mark_rule(strokeDash=[5, 4])
        .encode(y="at:Q", color=alt.value("#8a99a6"))
    )
    return alt.layer(exact, points).properties(height=230)
