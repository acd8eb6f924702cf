"""What was paid, beside what the same requests would have cost without us and without a prefix cache."""

from typing import Any

import altair as alt

from dashboard.charts.named_bars import named_bars
from dashboard.charts.ready import ready
from dashboard.i18n import _


@ready
def cost_compared() -> Any:
    """Rows: series (of SERIES), label (words and amount), place, usd, more (share above what was paid)."""
    tooltip = [
        alt.Tooltip("label:N", title=_("Cost")),
        alt.Tooltip("usd:Q", title=_("US dollars"), format="$.4f"),
        alt.Tooltip("more:Q", title=_("Against what was paid"), format="+.1%"),
    ]
    return named_bars("usd", alt.Axis(format="$,~f", tickCount=5), "series", tooltip, height=170)
