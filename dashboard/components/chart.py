"""One chart on a page."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.charts.ready import Spec


def chart(key: str, rows: Sequence[dict[str, Any]], spec: Spec, alt: str) -> None:
    """The container carries the key, since a chart's own element has none to find it by.

    `alt` is read to people who do not see the chart, and has to stay the same from refresh to refresh: what differs
    makes the browser build the chart anew, which flashes.
    """
    with st.container(key=f"chart-{key}"):
        st.vega_lite_chart(list(rows), spec, width="stretch", alt=alt)
