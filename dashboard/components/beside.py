"""Two panels beside each other, as high as each other; one above the other where the page is narrow."""

from typing import Any

import streamlit as st

LEAST_PX = 380
"""Of a panel: a chart's legend and the names on its axis are whole."""


def beside(key: str) -> tuple[Any, Any]:
    """Both to be entered with `with`."""
    grid = st.grid(2, min_column_width=LEAST_PX, border=True, key=key)
    return grid.cell(), grid.cell()
