"""Tables as high as their rows are many, up to a height at which they scroll. Captured text may be in any cell."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from dashboard.format import UNKNOWN

T = TypeVar("T")

ROW_PX, BORDER_PX = 35, 3
BESIDE_PX, PAGE_PX = 388, 560
"""Most that a table takes among others, and one that is the page."""

Columns = Mapping[str, Any]
"""By the key of a row's value, in order: its heading, or its column_config."""


def table(
    key: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Columns,
    *,
    most_px: int = BESIDE_PX,
    unknown: str = UNKNOWN,
) -> None:
    st.dataframe(rows, key=key, **_shape(rows, columns, most_px, unknown))


def choice(
    key: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Columns,
    of: Sequence[T],
    *,
    most_px: int = BESIDE_PX,
    unknown: str = UNKNOWN,
) -> T | None:
    """What the row that the person has chosen is drawn from, if there is one. `of`: those things, as many as rows."""
    shape = _shape(rows, columns, most_px, unknown)
    chosen = st.dataframe(rows, key=key, on_select="rerun", selection_mode="single-row", **shape)
    places = [at for at in chosen["selection"]["rows"] if at < len(of)]  # it may be of a longer table, drawn before
    return of[places[0]] if places else None


def _shape(rows: Sequence[object], columns: Columns, most_px: int, unknown: str) -> dict[str, Any]:
    return {
        "column_config": columns,
        "column_order": list(columns),
        "height": min(most_px, (len(rows) + 1) * ROW_PX + BORDER_PX),
        "hide_index": True,
        "placeholder": unknown,
    }
