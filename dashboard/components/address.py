"""Filters that live in the page's address, so that a view can be bookmarked and shared.

By hand, because a widget's own binding writes the label it shows, not the value, and drops a value it did not write.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components.figures_first import is_whole

_KEPT = "address"
"""In the session state: each filter's value, kept from page to page; a page's own widgets are not."""


def value(name: str, default: str = "") -> str:
    """What the address says, else what was chosen on an earlier page, else the default."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    if name in st.query_params:
        kept[name] = st.query_params[name]
    return kept.get(name, default)


def keep(name: str, chosen: str, default: str = "") -> None:
    """Into the address, unless it is the default."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    kept[name] = chosen
    if chosen != default:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def forget() -> None:
    """What was chosen on earlier pages."""
    st.session_state[_KEPT] = {}


def choice(
    name: str, label: str, options: Sequence[str], show: Callable[[str], str], default: str = "", width: int = 200
) -> str:
    """A selectbox whose value is in the address; its options are shown as plain text, its label is Markdown."""
    wanted = value(name, default)
    settled = wanted if wanted in options else default if default in options else options[0]
    if not is_whole():
        _place(width)
        keep(name, settled, default)
        return settled
    key = f"choice-{name}"
    st.session_state[key] = settled
    names = {option: show(option) for option in options}
    chosen = st.selectbox(label, options, format_func=names.__getitem__, key=key, width=width,
                          on_change=lambda: keep(name, st.session_state[key], default))  # fmt: skip
    keep(name, chosen, default)
    return chosen


def text(name: str, label: str, width: int = 260) -> str:
    """A search field whose value is in the address."""
    if not is_whole():
        _place(width)
        return value(name)
    key = f"text-{name}"
    st.session_state[key] = value(name)
    typed = st.text_input(label, key=key, width=width, on_change=lambda: keep(name, st.session_state[key]))
    keep(name, typed)
    return typed


def _place(width: int) -> None:
    """As large as a field with its label."""
    with st.container(width=width):
        st.space("large")
