"""The figures of a chart as a table, for who cannot see the chart or wants the numbers."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.i18n import _

TABLE_PX, ROW_PX = 318, 35


def chart_table(key: str, rows: Sequence[dict[str, Any]], columns: dict[str, Any], unknown: str) -> None:
    """Closed until it is asked for. Only what `columns` names is shown; `unknown` stands in empty cells."""
    with st.expander(_("The same as a table")):
        st.dataframe(list(rows), column_config=columns, column_order=list(columns), hide_index=True, key=key,
                     height=min(TABLE_PX, (len(rows) + 1) * ROW_PX + 3), placeholder=unknown)  # fmt: skip
