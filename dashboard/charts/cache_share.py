"""Which share of the prompts the providers served from their prefix caches, over time."""

from typing import Any

import altair as alt

from dashboard.charts.legend import legend
from dashboard.charts.ready import ready
from dashboard.charts.time_axis import time_axis
from dashboard.i18n import _

HUES = (
    *("#0f8fd6", "#e0701c", "#2ca25f", "#9b59d0", "#c0392b", "#b7950b", "#5d6d7e", "#d6479b"),
    *("#17a2a8", "#8d6e4a", "#6f78e8", "#7a9a1e"),
)
"""Of providers, which are no series of ours: they come and go with the data. Readable on light and on dark."""
NAME_LETTERS = 10
"""`openrouter`: few providers have a longer key."""


def by_provider(symbol: str) -> Any:
    """The colour encoding of the field `provider`.

    :param symbol: of the legend, "stroke" or "square".
    """
    shown = legend(letters=NAME_LETTERS, symbolType=symbol)
    return alt.Color("provider:N", scale=alt.Scale(range=list(HUES)), legend=shown)


@ready
def cache_share() -> Any:
    """Rows: at (start of the time span), provider, share (0..1), cached and prompt (tokens, reported)."""
    shares = alt.Chart().encode(
        x=alt.X("at:T", title=None, axis=time_axis()),
        y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])),
        color=by_provider("stroke"),
        tooltip=[
            alt.Tooltip("at:T", title=_("From"), format="%d %b %H:%M"),
            alt.Tooltip("provider:N", title=_("Provider")),
            alt.Tooltip("share:Q", title=_("From cache"), format=".1%"),
            alt.Tooltip("cached:Q", title=_("Cached tokens"), format=","),
            alt.Tooltip("prompt:Q", title=_("Prompt tokens"), format=","),
        ],
    )  # fmt: skip
    lines = shares.mark_line(strokeWidth=2.5, interpolate="monotone")
    points = shares.mark_point(filled=True, size=45, opacity=1)
    return alt.layer(lines, points).properties(height=270)
