"""The legend on top of a chart: as many names beside each other as its width has room for."""

from collections.abc import Iterable
from typing import Any

import altair as alt

CHARACTER_PX, SYMBOL_PX = 6, 32
"""Of a name: its letters at Streamlit's size of labels, and the symbol with the space around it."""
LABEL_PX = 200
"""A longer name is cut."""


def legend(names: Iterable[str] = (), letters: int = 0, **how: Any) -> alt.Legend:
    """:param names: all that may be in it; where they come with the data, `letters` says how long they usually are."""
    longest = max((len(name) for name in names), default=letters)
    px = min(LABEL_PX, CHARACTER_PX * longest) + SYMBOL_PX
    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        columns=alt.ExprRef(f"max(1, floor(width / {px}))"),
        labelLimit=LABEL_PX,
        **{"symbolType": "square", **how},
    )
