"""Tables as high as their rows are many, up to a height at which they scroll. Captured text may be in any cell."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from dashboard.components.spelled import spelled
from dashboard.format import UNKNOWN

T = TypeVar("T")

ROW_PX, BORDER_PX = 35, 3
BESIDE_PX, PAGE_PX = 388, 560
"""Most that a table takes among others, and one that is the page."""
WHOLE_PX = 10_000
"""Of a table whose rows are few by what they are: it never scrolls."""

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
    st.dataframe(**_drawn(key, rows, columns, most_px, unknown))


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
    shape = _drawn(key, rows, columns, most_px, unknown)
    chosen = st.dataframe(**shape, on_select="rerun", selection_mode="single-row")
    return next(iter(_of(chosen, of)), None)


def chooser(
    key: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Columns,
    of: Sequence[T],
    choose: Callable[[list[T]], None],
    *,
    many: bool = False,
    most_px: int = BESIDE_PX,
) -> None:
    """Tells `choose` what the rows are drawn from that the person has just chosen: before the page is drawn anew, which
    may move the rows, so these are the ones that the person saw."""
    shape = _drawn(key, rows, columns, most_px, UNKNOWN)
    st.dataframe(**shape, on_select=lambda: choose(_of(st.session_state[key], of)),
                 selection_mode="multi-row" if many else "single-row")  # fmt: skip


def _of(chosen: Any, of: Sequence[T]) -> list[T]:
    return [of[at] for at in chosen["selection"]["rows"] if at < len(of)]  # it may be of a longer table, drawn before


def _drawn(key: str, rows: Sequence[Mapping[str, Any]], columns: Columns, most_px: int, unknown: str) -> dict[str, Any]:
    data, plain = spelled(rows, columns, unknown)
    return {
        "data": data,
        "key": key,
        "column_config": plain,
        "column_order": list(columns),
        "height": min(most_px, (len(rows) + 1) * ROW_PX + BORDER_PX),
        "hide_index": True,
        "placeholder": unknown,
    }
