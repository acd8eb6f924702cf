"""From the prompts as received to the prompts as sent: one step for each way of making them shorter."""

from typing import Any

import altair as alt

from dashboard.charts.named_bars import named_bars
from dashboard.charts.ready import ready
from dashboard.i18n import _

STEPS = ("before", "masked", "compressed", "sent")


@ready
def waterfall() -> Any:
    """Rows: step (of STEPS), label (its name and its tokens), place, start, end (tokens), tokens, share (of before)."""
    tooltip = [
        alt.Tooltip("label:N", title=_("Step")),
        alt.Tooltip("tokens:Q", title=_("Tokens, estimated"), format=","),
        alt.Tooltip("share:Q", title=_("Of what was received"), format=".1%"),
    ]
    return named_bars("start", alt.Axis(format="~s", tickCount=6), "step", tooltip, height=210, end="end")
