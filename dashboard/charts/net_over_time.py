"""What rewriting saved in money, or cost, over time."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour
from dashboard.charts.time_axis import time_axis
from dashboard.i18n import _

SIGNS = ("gain", "loss")


@ready
def net_over_time() -> Any:
    """Rows: at (start of the time span), until (its end), usd (cost without us - cost; below 0: a loss), tokens."""
    bars = (
        alt.Chart()
        .transform_calculate(sign="datum.usd < 0 ? 'loss' : 'gain'")
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("at:T", title=None, axis=time_axis()),
            x2="until:T",
            y=alt.Y("usd:Q", title=None, axis=alt.Axis(format="$,~f", tickCount=5)),
            y2=alt.datum(0),
            color=colour("sign", SIGNS),
            tooltip=[
                alt.Tooltip("at:T", title=_("From"), format="%d %b %H:%M"),
                alt.Tooltip("usd:Q", title=_("Net, US dollars"), format="$.4f"),
                alt.Tooltip("tokens:Q", title=_("Tokens kept out, estimated"), format=","),
            ],
        )
    )
    return alt.layer(bars).properties(height=220)
