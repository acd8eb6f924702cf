"""The language of the page: the browser's own, or the one chosen in the frame, then in the address as `?lang=fr`."""

import streamlit as st

from dashboard.catalogues import LANGUAGES, spoken_by
from dashboard.components import address
from dashboard.i18n import _, language, speak

_NAME = "lang"


def settle() -> None:
    """Before anything is drawn. An unknown language in the address is none."""
    usual = spoken_by(st.context.locale)
    wanted = address.value(_NAME, usual)
    speak(wanted if wanted in LANGUAGES else usual)


def switch() -> None:
    """Two letters each, as there is little room; the label is read to who cannot see them."""
    usual = spoken_by(st.context.locale)
    key = f"choice-{_NAME}"
    st.session_state[key] = language()
    st.segmented_control(_("Language"), list(LANGUAGES), format_func=str.upper, key=key, required=True,
                         on_change=lambda: address.keep(_NAME, st.session_state[key], usual),
                         label_visibility="collapsed")  # fmt: skip
    address.keep(_NAME, language(), usual)
