"""Columns that look the same in every table. An empty cell is an unknown value."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard.i18n import N_, _

_Number = st.column_config.NumberColumn

TOKENS = partial(_Number, format="localized")
USD = partial(_Number, format="dollar", step=0.0001)
"""Four decimals, which are those of the step; `$%.4f` would write a loss as "$-0.0025"."""
DURATION = partial(_Number, format="%.2f s")
FILL = partial(st.column_config.ProgressColumn, format="%.0f %%", min_value=0.0, max_value=100.0, width=110)
"""Of `per_cent`: the formats for a share 0..1 show up to two decimals, a different number in each row."""


def aside(column: str | Mapping[str, Any]) -> dict[str, Any]:
    """A column that few ask for: shown when it is ticked in the table's own menu, so that the others fit the page."""
    return {**({"label": column} if isinstance(column, str) else column), "hidden": True}


def per_cent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1_000


STYLES = (
    N_("MMM D"),
    N_("MMM D, HH:mm"),
    N_("MMM D, HH:mm:ss"),
    N_("distance"),
)
"""How moments are written, in moment.js' letters. Names of months and distances come in English only, so another
language has to write numbers."""


def when(label: str, style: str = "HH:mm:ss", width: int | None = None) -> Any:
    """A moment in the person's time zone."""
    return st.column_config.DatetimeColumn(label, format=_(style), timezone=st.context.timezone, width=width)
