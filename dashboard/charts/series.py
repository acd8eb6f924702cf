"""What charts draw, each with one place in the palette, so that a colour means the same on every page.

A chart names all series as its scale's domain and only its own in the legend: the theme's n-th colour
(chartCategoricalColors in dashboard/.streamlit/config.toml, light and dark) is then always the n-th series.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt

from dashboard.charts.legend import AXIS_PX, legend
from dashboard.i18n import N_, _

SERIES = {
    "system": N_("System"),
    "tools": N_("Tools"),
    "memory": N_("Memory"),
    "history": N_("History"),
    "new": N_("This turn"),
    "cached": N_("Cached"),
    "fresh": N_("Fresh"),
    "output": N_("Answer"),
    "reasoning": N_("Reasoning"),
    "before": N_("As received"),
    "masked": N_("Masked"),
    "compressed": N_("Compressed"),
    "sent": N_("As sent"),
    "overhead": N_("Ours"),
    "wait": N_("Rate limit"),
    "first": N_("First byte"),
    "stream": N_("Stream"),
    "gain": N_("Gain"),
    "loss": N_("Loss"),
    "rules": N_("Rules"),
    "files": N_("Files and context"),
    "tool_results": N_("Tool results"),
    "user": N_("User"),
    "assistant": N_("Assistant"),
    "images": N_("Images"),
    "summary": N_("Summary"),
    "prompt": N_("Prompt text"),
    "left": N_("Left"),
    "right": N_("Right"),
}
PARTS = ("system", "tools", "memory", "history", "new")
"""What fills the context window, from the first byte to the last."""


def lookup(keys: Iterable[str], names: Mapping[str, str] = SERIES) -> str:
    """A Vega expression: an object literal from key to name. As JSON, since a translation may hold an apostrophe."""
    return json.dumps({key: _(names[key]) for key in keys}, ensure_ascii=False)


def colour(field: str, shown: tuple[str, ...], names: Mapping[str, str] = SERIES, axis_px: int = AXIS_PX) -> Any:
    """The colour encoding of a field that holds keys of SERIES; `names` where a chart calls them otherwise."""
    labels = f"{lookup(shown, names)}[datum.value]"
    said = (_(names[key]) for key in shown)
    its = legend(said, axis_px=axis_px, values=list(shown), labelExpr=labels, columnPadding=14)
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(SERIES)), legend=its)
