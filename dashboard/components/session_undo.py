"""Carries out what was asked for a session in the list, says what became of it, and offers to take it back."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from dashboard.components import command
from dashboard.excerpts import sendable
from dashboard.format import now_ms
from dashboard.i18n import _

PLACE = "sessions"
OFFERED_MS = 10 * 60_000
"""How long it is offered here; what was deleted or merged stays longer among the deleted sessions."""
MOST = 3
"""Offers at a time."""
_GENERATION = "sessions-generation"
_NAME = "managed-name"
_UNDOS = "session-undos"


class Undo(NamedTuple):
    """The command that takes something back; `words` say what was done, the name is a captured one."""

    words: str
    kind: str
    payload: Mapping[str, Any]
    done: str
    at_ms: int


def ask(kind: str, payload: Mapping[str, Any], done: str, name: str = "") -> None:
    """For a button's `on_click`; `name` is that of the session which may be asked for back."""
    st.session_state[_NAME] = name
    command.ask(PLACE, kind, payload, done)


def generation() -> int:
    """Grows when a row may have moved: with it in its key, the table is a new one in which no row is chosen."""
    found: int = st.session_state.setdefault(_GENERATION, 0)
    return found


def outcome() -> None:
    """Above the list, which then shows the change."""
    asked = command.told(PLACE)
    undos: list[Undo] = [one for one in st.session_state.get(_UNDOS, []) if now_ms() - one.at_ms < OFFERED_MS]
    if asked:
        st.session_state[_GENERATION] = generation() + 1
        undos = [one for one in undos if (one.kind, one.payload) != (asked.kind, asked.payload)]
        if undo := _undo_of(asked.kind, asked.payload, command.answer(PLACE)):
            undos.append(undo)
    st.session_state[_UNDOS] = undos[-MOST:]
    for number, one in enumerate(undos[-MOST:]):
        with st.container(horizontal=True, vertical_alignment="center", key=f"undoable-{number}"):
            st.button(_("Undo"), key=f"undo-{number}", on_click=command.ask,
                      args=(PLACE, one.kind, one.payload, one.done))  # fmt: skip
            st.text(one.words)


def _undo_of(kind: str, payload: Mapping[str, Any], answer: Mapping[str, Any]) -> Undo | None:
    name = sendable(st.session_state.get(_NAME, "")) or _("Unnamed")
    session_id = payload.get("session_id", "")
    if kind == "delete_session":
        words = _("Deleted: {name}").format(name=name)
        return Undo(words, "restore_session", {"session_id": session_id}, _("It is back."), now_ms())
    if kind == "merge_sessions":
        words = _("Merged: {name}").format(name=name)
        return Undo(words, "restore_session", {"session_id": payload["other_id"]}, _("They are apart again."), now_ms())
    if kind == "split_session" and "earlier_id" in answer:
        words = _("Split: {name}").format(name=name)
        back = {"session_id": session_id, "other_id": answer["earlier_id"], "keep_name": False}
        return Undo(words, "merge_sessions", back, _("They are one again."), now_ms())
    return None
