"""Columns that look the same in every table. An empty cell is an unknown value."""

from functools import partial
from typing import Any

import streamlit as st

_Number = st.column_config.NumberColumn

TOKENS = partial(_Number, format="localized")
USD = partial(_Number, format="$%.4f")
DURATION = partial(_Number, format="%.2f s")
FILL = partial(st.column_config.ProgressColumn, format="percent", min_value=0.0, max_value=1.0, width=110)


def when(label: str, style: str = "HH:mm:ss") -> Any:
    """A moment in the person's time zone."""
    return st.column_config.DatetimeColumn(label, format=style, timezone=st.context.timezone)
