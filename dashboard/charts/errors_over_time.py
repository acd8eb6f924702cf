"""Failed requests in each span of time, a colour for each class of error.

The rows say where each bar begins and ends: Vega-Lite stacks no bars that have a width in time.
"""

from typing import Any

import altair as alt

from addons.domain.provider_errors import ErrorClass
from dashboard.charts.cache_share import HUES
from dashboard.charts.legend import legend
from dashboard.charts.ready import ready
from dashboard.charts.series import lookup
from dashboard.charts.time_axis import time_axis
from dashboard.format import SPOKEN
from dashboard.i18n import _

OTHER = "other"
CLASSES = (*map(str, ErrorClass), OTHER)
NAMES = {name: SPOKEN.get(name, name) for name in CLASSES}
"""As a person says them; `lookup` translates."""


@ready
def errors_over_time() -> Any:
    """Rows: at, until (of the span), error (of CLASSES), name (of it), count, low, high."""
    bars = (
        alt.Chart()
        .mark_bar(cornerRadius=1)
        .encode(
            x=alt.X("at:T", title=None, axis=time_axis()),
            x2="until:T",
            y=alt.Y("low:Q", title=None, axis=alt.Axis(format="~s", tickCount=5, tickMinStep=1)),
            y2="high:Q",
            color=alt.Color("error:N", scale=alt.Scale(domain=list(CLASSES), range=list(HUES[: len(CLASSES)])),
                            legend=legend((_(NAMES[name]) for name in CLASSES),
                                          labelExpr=f"{lookup(CLASSES, NAMES)}[datum.value]")),
            tooltip=[
                alt.Tooltip("at:T", title=_("From"), format="%d %b %H:%M"),
                alt.Tooltip("name:N", title=_("Class")),
                alt.Tooltip("count:Q", title=_("Errors"), format=","),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=220)
