"""One figure with its name, what it is counted over, and who counted; and a row of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

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


def tile_row(key: str, tiles: Sequence[Tile]) -> None:
    """The first one of a tab is painted before anything that the page draws after it."""
    with st.container(key=key, horizontal=True, gap="xsmall"):
        for tile in tiles:
            with st.container(border=True, width="stretch", height="stretch", gap=None):
                figure(tile)
    figures_first()


def figure(tile: Tile) -> None:
    """In whatever container there is."""
    st.metric(tile.title, tile.value, help=tile.help)
    st.caption(tile.scope)
    if tile.link:
        label = tile.link.label
        st.page_link(view(tile.link.file), label=label, query_params=dict(tile.link.query))
