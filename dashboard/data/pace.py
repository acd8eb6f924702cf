"""How often live pages may ask."""

import time

import streamlit as st

TAB_GONE_S = 10
"""A tab that has not refreshed for this long is closed, or no longer live."""


@st.cache_resource(show_spinner=False)
def _live_tabs() -> dict[str, float]:
    """When each live tab last refreshed, on the monotonic clock."""
    return {}


def refresh_s(tab: str) -> int:
    """Seconds between refreshes that all live tabs together can keep up with; also notes that this tab is alive.

    Measured: five tabs at 1 Hz take one core, twenty finish no run at all.
    """
    tabs, now_s = _live_tabs(), time.monotonic()
    tabs[tab] = now_s
    alive = sum(now_s - seen_s < TAB_GONE_S for seen_s in list(tabs.values()))
    return 1 if alive <= 3 else 2 if alive <= 8 else 5
