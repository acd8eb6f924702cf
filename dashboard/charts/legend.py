"""The legend on top of a chart: as many names beside each other as its width has room for."""

from collections.abc import Iterable
from typing import Any

import altair as alt

CHARACTER_PX, SYMBOL_PX = 6, 32
"""Of a name: its letters at Streamlit's size of labels, and the symbol with the space around it."""
LABEL_PX = 200
"""A longer name is cut."""
AXIS_PX = 45
"""Beside the legend: figures at the axis on the left."""
ROOM_PX = "((containerSize()[0] || width) + 0 * width)"
"""A Vega expression: the whole width of the chart. Not the signal `width` itself, which the legend's height changes
again, so that its first line would be cut; but reckoned anew whenever that changes."""


def legend(names: Iterable[str] = (), letters: int = 0, axis_px: int = AXIS_PX, **how: Any) -> alt.Legend:
    """:param names: all that may be in it; where they come with the data, `letters` says how long they usually are.

    :param axis_px: beside the legend, where there is more than figures.
    """
    longest = max((len(name) for name in names), default=letters)
    px = min(LABEL_PX, CHARACTER_PX * longest) + SYMBOL_PX
    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        columns=alt.ExprRef(f"max(1, floor(({ROOM_PX} - {axis_px}) / {px}))"),
        labelLimit=LABEL_PX,
        **{"symbolType": "square", **how},
    )
