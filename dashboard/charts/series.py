"""What charts draw, each with one place in the palette, so that a colour means the same on every page.

A chart names all series as its scale's domain and only its own in the legend: the theme's n-th colour
(chartCategoricalColors in .streamlit/config.toml, light and dark) is then always the n-th series.
"""

from typing import Any

import altair as alt

from dashboard.i18n import _

SERIES = {
    "system": _("System prompt"),
    "tools": _("Tool definitions"),
    "memory": _("Memory"),
    "history": _("History"),
    "new": _("This turn"),
    "cached": _("Cached input"),
    "fresh": _("Fresh input"),
    "output": _("Answer"),
    "reasoning": _("Reasoning"),
}
PARTS = ("system", "tools", "memory", "history", "new")
"""What fills the context window, from the first byte to the last."""
TOKENS = ("cached", "fresh", "output", "reasoning")
"""What one request is billed for."""


def colour(field: str, shown: tuple[str, ...]) -> Any:
    """The colour encoding of a field that holds keys of SERIES."""
    names = ", ".join(f"'{key}': '{text}'" for key, text in SERIES.items())
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", values=list(shown), labelExpr=f"{{{names}}}[datum.value]",
        labelLimit=200, symbolType="square", columnPadding=14,
    )  # fmt: skip
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(SERIES)), legend=legend)
