"""What charts draw, each with one place in the palette, so that a colour means the same on every page.

A chart names all series as its scale's domain and only its own in the legend: the theme's n-th colour
(chartCategoricalColors in .streamlit/config.toml, light and dark) is then always the n-th series.
"""

import json
from collections.abc import Iterable, Mapping
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
    "before": _("As received"),
    "masked": _("Masked"),
    "compressed": _("Compressed"),
    "sent": _("As sent"),
    "overhead": _("Ours"),
    "wait": _("Rate limit"),
    "first": _("First byte"),
    "stream": _("Stream"),
    "gain": _("Gain"),
    "loss": _("Loss"),
}
PARTS = ("system", "tools", "memory", "history", "new")
"""What fills the context window, from the first byte to the last."""


def lookup(keys: Iterable[str], names: Mapping[str, str] = SERIES) -> str:
    """A Vega expression: an object literal from key to name. As JSON, since a translation may hold an apostrophe."""
    return json.dumps({key: names[key] for key in keys}, ensure_ascii=False)


def colour(field: str, shown: tuple[str, ...], names: Mapping[str, str] = SERIES) -> Any:
    """The colour encoding of a field that holds keys of SERIES; `names` where a chart calls them otherwise."""
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        values=list(shown),
        labelExpr=f"{lookup(shown, names)}[datum.value]",
        labelLimit=200,
        symbolType="square",
        columnPadding=14,
    )
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(SERIES)), legend=legend)
