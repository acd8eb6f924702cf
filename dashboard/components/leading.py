"""Leads to another page, as a link does, where the click is on no link: on a row of a table, or on a button.

A browser goes on refreshing the old page until it hears of the new one. Streamlit carries out such a refresh after the
new page is drawn, as a run of the old one, and the browser then clears all it shows. So the new page looks for a while
whether the browser's address is its own, and leads there again where it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from dashboard.pages import view

LOOK_S = 3
"""Between two looks; longer than a message takes, or the looks would be late refreshes themselves."""
LOOKS = 3
_TO = "led-to"


@dataclass(slots=True)
class _Way:
    file: str
    query: Mapping[str, str]
    is_drawn: bool = False
    looks: int = field(default=-1)
    """The first one is part of drawing the page."""


def lead(file: str, query: Mapping[str, str]) -> None:
    """:param file: of the page, in views/. Not from a fragment: its next refresh would stop the page."""
    st.session_state[_TO] = _Way(file, query)
    st.switch_page(view(file), query_params=query)


def arrive(file: str) -> None:
    """In the page's frame. Whatever else has the page drawn once more was clicked there: the browser has arrived."""
    way: _Way | None = st.session_state.get(_TO)
    if way is None:
        return
    if way.file != file or way.is_drawn:
        del st.session_state[_TO]
        return
    way.is_drawn = True
    _look()


@st.fragment(run_every=LOOK_S)
def _look() -> None:
    way: _Way | None = st.session_state.get(_TO)
    if way is None:
        return
    way.looks += 1
    if way.looks and not way.query.items() <= st.query_params.to_dict().items():
        lead(way.file, way.query)
    if way.looks >= LOOKS:
        del st.session_state[_TO]
