"""The line on top of every page: its title, whether a proxy is alive, and the language."""

import os

import streamlit as st

from addons.domain import places
from dashboard import data
from dashboard.components import languages
from dashboard.components.figures_first import is_whole
from dashboard.components.toasts import toasts
from dashboard.data import ProxySign, StoreUnavailable
from dashboard.format import now_ms
from dashboard.i18n import _

SILENT_AFTER_MS = 5_000
"""A heartbeat comes every second; five missed are no accident."""


def strip(title: str) -> None:
    """:param title: is one of the menu's."""
    with st.container(key="strip", horizontal=True, vertical_alignment="center"):
        st.header(title, anchor=False, width="stretch")
        _signs()
        if is_whole():
            languages.switch()


@st.fragment(run_every="2s")
def _signs() -> None:
    try:
        signs = data.proxy_signs()
        toasts()
    except StoreUnavailable:
        signs = []
    alive = [sign for sign in signs if is_alive(sign, now_ms())]
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if places.is_simulated(os.environ):
            st.badge(_("Demo data"), color="violet", help=_("The providers are simulated: nothing here was paid for."))
        if alive:
            st.badge(_("Proxy alive"), color="green", help=_("Its sign of life is at most five seconds old."))
            _troubles(alive)
        elif not signs:
            st.badge(_("No proxy yet"), color="gray", help=_("Set up says how to start one."))
        elif signs[0].stopped_at_ms is not None:
            st.badge(_("Proxy stopped"), color="gray", help=_("It ended in an orderly way."))
        else:
            silent_s = (now_ms() - signs[0].seen_at_ms) // 1_000
            st.badge(_("Proxy silent for {n} s").format(n=silent_s), color="red",
                     help=_("It gave no sign of life and did not say goodbye: it may have been killed."))  # fmt: skip


def is_alive(sign: ProxySign, now: int) -> bool:
    """Not stopped, and heard of lately; `now` in milliseconds."""
    return sign.stopped_at_ms is None and now - sign.seen_at_ms <= SILENT_AFTER_MS


def _troubles(alive: list[ProxySign]) -> None:
    dropped = sum(sign.dropped for sign in alive)
    if dropped:
        st.badge(_("{n} records lost").format(n=dropped), color="red",
                 help=_("The writer's queue was full, or the database could not be written."))  # fmt: skip
    if any(sign.settings_error for sign in alive):
        st.badge(_("providers.toml is not in use"), color="orange",
                 help=_("It was changed, and the change has an error."))  # fmt: skip
