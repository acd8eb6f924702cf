"""What was spent and used in each span of time, a colour for each provider.

The rows say where each bar begins and ends: Vega-Lite stacks no bars that have a width in time, and draws none then.
"""

from typing import Any

import altair as alt

from dashboard.charts.cache_share import by_provider
from dashboard.charts.known import known
from dashboard.charts.ready import ready
from dashboard.charts.time_axis import time_axis
from dashboard.i18n import _


def _bars(field: str, axis: alt.Axis) -> Any:
    bars = (
        alt.Chart()
        .transform_calculate(paid=known("usd", "$.4f"))
        .mark_bar(cornerRadius=1)
        .encode(
            x=alt.X("at:T", title=None, axis=time_axis()),
            x2="until:T",
            y=alt.Y(f"{field}_low:Q", title=None, axis=axis),
            y2=f"{field}_high:Q",
            color=by_provider("square"),
            tooltip=[
                alt.Tooltip("at:T", title=_("From"), format="%d %b %H:%M"),
                alt.Tooltip("provider:N", title=_("Provider")),
                alt.Tooltip("paid:N", title=_("US dollars")),
                alt.Tooltip("prompt:Q", title=_("Prompt tokens"), format=","),
                alt.Tooltip("completion:Q", title=_("Completion tokens"), format=","),
                alt.Tooltip("requests:Q", title=_("Requests"), format=","),
                alt.Tooltip("unpriced:Q", title=_("Without price"), format=","),
            ],
        )
    )  # fmt: skip
    return alt.layer(bars).properties(height=280)


@ready
def cost_over_time() -> Any:
    """Rows: at, until (of the span), provider, usd (None: no price known), usd_low, usd_high, prompt, completion,
    requests, unpriced."""
    return _bars("usd", alt.Axis(format="$,~f", tickCount=5))


@ready
def tokens_over_time() -> Any:
    """Rows: the same, with tokens_low and tokens_high (prompt and completion together)."""
    return _bars("tokens", alt.Axis(format="~s", tickCount=5))
