"""What is shown where the store cannot be read: words and a way on, never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard import data
from dashboard.data import StoreUnavailable
from dashboard.i18n import _
from dashboard.pages import view


@contextmanager
def boundary(*, wait: bool = False) -> Iterator[None]:
    """Around whatever asks the store; each fragment needs its own, because it is run again without its page.

    :param wait: try again every two seconds, and run the whole page once the store answers.
    """
    try:
        yield
    except StoreUnavailable as problem:
        if problem.missing:
            st.info(_("The store is not ready: start the proxy, and this page fills by itself."))
            st.text(str(problem))
            st.page_link(view("set_up.py"), label=_("Set up the proxy and your editor"), width="content")
        else:
            st.warning(
                _("The database does not answer. The figures come back with the next refresh if it was only busy.")
            )
            st.code(str(problem), language=None)
        if wait:
            _wait()


@st.fragment(run_every="2s")
def _wait() -> None:
    try:
        data.proxy_signs()
    except StoreUnavailable:
        return
    st.rerun()
