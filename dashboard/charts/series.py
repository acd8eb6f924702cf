"""What charts draw, each with one place in the palette, so that a colour means the same on every page.

A chart names all series as its scale's domain and only its own in the legend: the theme's n-th colour
(chartCategoricalColors in .streamlit/config.toml, light and dark) is then always the n-th series.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt

from dashboard.i18n import _

SERIES = {
    "system": _("System"),
    "tools": _("Tools"),
    "memory": _("Memory"),
    "history": _("History"),
    "new": _("This turn"),
    "cached": _("Cached"),
    "fresh": _("Fresh"),
    "output": _("Answer"),
    "reasoning": _("Reasoning"),
}
PARTS = ("system", "tools", "memory", "history", "new")
"""What fills the context window, from the first byte to the last."""


def colour(field: str, shown: tuple[str, ...], names: Mapping[str, str] = SERIES) -> Any:
    """The colour encoding of a field that holds keys of SERIES; `names` where a chart calls them otherwise."""
    texts = ", ".join(f"'{key}': '{names[key]}'" for key in shown)
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", values=list(shown), labelExpr=f"{{{texts}}}[datum.value]",
        labelLimit=200, symbolType="square", columnPadding=14,
    )  # fmt: skip
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(SERIES)), legend=legend)
