"""The time of day as the person's own clock shows it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st


def clock(at_ms: int) -> str:
    """hh:mm:ss in the person's time zone."""
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else None
    return datetime.fromtimestamp(at_ms / 1_000, zone).strftime("%H:%M:%S")
