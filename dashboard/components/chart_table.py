"""The figures of a chart as a table, for who cannot see the chart or wants the numbers."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.components.table import Columns, table
from dashboard.i18n import _

MOST_PX = 318


def chart_table(key: str, rows: Sequence[dict[str, Any]], columns: Columns, unknown: str) -> None:
    """Closed until it is asked for. Only what `columns` names is shown; `unknown` stands in empty cells."""
    with st.expander(_("The same as a table")):
        table(key, rows, columns, most_px=MOST_PX, unknown=unknown)
