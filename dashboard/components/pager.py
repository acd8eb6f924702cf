"""Pages of a long table."""

import math

import streamlit as st

from dashboard import data
from dashboard.components import address
from dashboard.format import number
from dashboard.i18n import _

BUTTON_PX, BUTTONS = 44, 9
"""Of the pages' buttons, the two arrows among them. Without a width of its own the widget shows one page of two."""


def pager(key: str, words: str, total: int, size: int) -> int:
    """The offset of the page shown.

    :param words: say how many there are, as {n}.
    :param total: may be `data.COUNT_LIMIT + 1`, which means more than that.
    """
    shown = min(total, data.COUNT_LIMIT)
    pages = max(1, math.ceil(shown / size))
    with st.container(horizontal=True, vertical_alignment="center", key=f"pager-{key}"):
        st.text(_count(words, total, shown), width="content")
        width = BUTTON_PX * min(pages + 2, BUTTONS)
        page = _page(f"page-{key}", pages, width) if pages > 1 else 1
    return (min(page, pages) - 1) * size


def _page(name: str, pages: int, width: int) -> int:
    """The number of the page, which is in the address."""
    wanted = address.value(name, "1")
    st.session_state[name] = min(pages, int(wanted)) if wanted.isdecimal() and int(wanted) else 1
    page = st.pagination(
        pages, key=name, width=width, on_change=lambda: address.keep(name, str(st.session_state[name]), "1")
    )
    address.keep(name, str(page), "1")
    return page


def _count(words: str, total: int, shown: int) -> str:
    if total > shown:
        return _("The latest {n} of more; narrow the filters to see the others").format(n=number(shown))
    return words.format(n=number(total))
