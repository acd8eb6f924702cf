"""Who counted a figure: beside its title, so that an estimate is never taken for a bill."""

import streamlit as st

from dashboard.i18n import _


def titled(title: str, *, reported: bool) -> None:
    """A card's title with its badge. :param title: our own words."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(title, width="content")
        if reported:
            st.badge(_("reported"), color="blue", help=_("Counted and billed by the provider."))
        else:
            st.badge(_("estimated"), color="gray", help=_("Counted here, before and after by the same counter."))
