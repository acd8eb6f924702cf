"""Asks a proxy for something and tells the person what it answered: within five seconds, whatever happens."""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from dashboard import data
from dashboard.components.strip import is_alive
from dashboard.data import StoreUnavailable
from dashboard.excerpts import sendable
from dashboard.format import now_ms
from dashboard.i18n import _

WAIT_S = 5.0
LOOK_S = 0.1
ECHO_S = 3.0
"""A press may come twice: a live page's refresh sends all that the browser holds, a button just pressed among it,
and then the press is sent by itself. What was just carried out is not carried out again."""


class Asked(NamedTuple):
    """One command; `done` says in our own words that it was carried out."""

    kind: str
    payload: Mapping[str, Any]
    done: str


def ask(place: str, kind: str, payload: Mapping[str, Any], done: str) -> None:
    """For a button's `on_click`: `told` carries it out, where the page can show that it waits.

    :param place: where on the page it is told; one command at a time.
    """
    asked = Asked(kind, payload, done)
    latest, done_s = st.session_state.get(f"latest-{place}", (None, 0.0))
    if asked != latest or time.monotonic() - done_s > ECHO_S:
        st.session_state[f"asked-{place}"] = asked


def tell(place: str, problem: str, done: str) -> None:
    """To be shown by `told`: what is wrong, else that it is done."""
    st.session_state[f"told-{place}"] = (not problem, problem or done)


def told(place: str) -> Asked | None:
    """Carries out what was asked for here, and shows what became of it until the next time.

    Returns the command if it was done just now. A proxy's words may hold captured names, hence `st.text`.
    """
    asked: Asked | None = None
    problem = ""
    if f"asked-{place}" in st.session_state:
        with st.spinner(_("Asking the proxy …")):
            asked = st.session_state.pop(f"asked-{place}")  # not before: an interrupted page leaves it to the next run
            problem, st.session_state[f"answer-{place}"] = _carried_out(asked)
        tell(place, problem, asked.done)
        if not problem:
            st.session_state[f"latest-{place}"] = (asked, time.monotonic())
    ok, words = st.session_state.get(f"told-{place}", (True, ""))
    if words:
        with st.container(horizontal=True, vertical_alignment="center", key=f"told-{place}-shown"):
            if ok:
                st.badge(_("done"), color="green")
            else:
                st.badge(_("not done"), color="red")
            st.text(sendable(words))
    return None if problem else asked


def answer(place: str) -> Mapping[str, Any]:
    """What a proxy said to the latest command that was carried out here; empty where it said nothing, or refused."""
    said: Mapping[str, Any] = st.session_state.get(f"answer-{place}", {})
    return said


def alive() -> bool:
    return any(is_alive(sign, now_ms()) for sign in data.proxy_signs())


def _carried_out(asked: Asked) -> tuple[str, Mapping[str, Any]]:
    """Why it was not done, "" where it was; and what the proxy answered then."""
    try:
        if not alive():
            return _("No proxy is running; start it and ask again."), {}
        found = _answer(data.put_command(asked.kind, asked.payload))
    except StoreUnavailable as problem:
        return str(problem), {}
    if found is None:
        late = _("No proxy has answered within {n} seconds; it may be busy, or not running.")
        return late.format(n=round(WAIT_S)), {}
    return str(found.get("error", "")), found.get("ok") or {}


def _answer(command_id: int) -> Mapping[str, Any] | None:
    give_up_s = time.monotonic() + WAIT_S
    while time.monotonic() < give_up_s:
        if (found := data.command_result(command_id)) is not None:
            return found
        time.sleep(LOOK_S)
    return None
