"""One figure with its name, what it is counted over, and who counted; and a row of them."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st


class Tile(NamedTuple):
    title: str
    value: str
    scope: str
    """What it is counted over and by whom: our own words only, since it is shown as Markdown."""
    help: str


def tile_row(key: str, tiles: Sequence[Tile]) -> None:
    with st.container(key=key, horizontal=True, gap="xsmall"):
        for tile in tiles:
            with st.container(border=True, width="stretch", height="stretch", gap=None):
                st.metric(tile.title, tile.value, help=tile.help)
                st.caption(tile.scope)
