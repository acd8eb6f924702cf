"""One figure with its name, what it is counted over, and who counted; and a row of them."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import streamlit as st

from dashboard.components.figures_first import figures_first
from dashboard.pages import view


class Link(NamedTuple):
    """To the rows behind a figure."""

    file: str
    """Of the page, in views/."""
    label: str
    """Our own words."""
    query: Mapping[str, str]


class Tile(NamedTuple):
    title: str
    value: str
    scope: str
    """What it is counted over and by whom: our own words only, since it is shown as Markdown."""
    help: str
    link: Link | None = None


LEAST_PX = 156
"""Of a tile: six stand in one row of a page 1,400 px wide, and the longest titles are whole."""
GAP: Final = "xsmall"
GAP_PX = 8


def tile_row(key: str, tiles: Sequence[Tile]) -> None:
    """In two rows or more where the page is narrow. The first one of a tab is painted before anything that the page
    draws after it.
    """
    with st.container(key=key):
        half, odd = divmod(len(tiles), 2)
        if odd or half < 2:
            _grid(tiles)
        else:  # six become three and three, where one grid would make four and two of them
            with st.grid(2, min_column_width=half * (LEAST_PX + GAP_PX) - GAP_PX, gap=GAP):
                _row(tiles[:half])
                _row(tiles[half:])
    figures_first()


def _grid(tiles: Sequence[Tile]) -> None:
    grid = st.grid(len(tiles), min_column_width=LEAST_PX, gap=GAP, border=True)
    for tile in tiles:
        with grid.cell(), st.container(gap=None):
            figure(tile)


def _row(tiles: Sequence[Tile]) -> None:
    """As high as the row beside it, which a grid in a grid is not."""
    with st.container(horizontal=True, gap=GAP, height="stretch"):
        for tile in tiles:
            with st.container(border=True, width="stretch", height="stretch", gap=None):
                figure(tile)


def figure(tile: Tile) -> None:
    """In whatever container there is."""
    st.metric(tile.title, tile.value, help=tile.help)
    st.caption(tile.scope)
    if tile.link:
        label = tile.link.label
        st.page_link(view(tile.link.file), label=label, query_params=dict(tile.link.query))
