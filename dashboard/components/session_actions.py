"""What can be done to a session in the list: rename, pin, delete, undo. A proxy does it, the only one that writes."""

from typing import NamedTuple

import streamlit as st

from dashboard.components import command
from dashboard.data import SessionRow
from dashboard.excerpts import sendable
from dashboard.format import now_ms
from dashboard.i18n import _

PLACE = "sessions"
NAME_LIMIT = 200
"""Characters of a session's name."""
UNDO_MS = 9 * 60_000
"""How long it is offered: a little less than the proxy can (`db.commands.UNDO_MS`)."""
_DELETED = "deleted-sessions"
_GENERATION = "sessions-generation"


class Deleted(NamedTuple):
    id: str
    name: str
    at_ms: int


def session_actions(row: SessionRow) -> None:
    with st.form(f"form-{row.id}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Name"), value=sendable(row.name), max_chars=NAME_LIMIT, width=420, key=f"name-{row.id}")
        st.form_submit_button(_("Rename"), on_click=_rename, args=(row.id,))
    with st.container(horizontal=True):
        if row.pinned:
            st.button(_("Unpin"), key=f"pin-{row.id}", on_click=_pin, args=(row.id, False))
        else:
            st.button(_("Pin to the top"), key=f"pin-{row.id}", on_click=_pin, args=(row.id, True))
        st.button(_("Delete"), key=f"delete-{row.id}", on_click=_delete, args=(row,),
                  help=_("With its requests and originals; it can be taken back for ten minutes."))  # fmt: skip


def generation() -> int:
    """Grows when a row may have moved: with it in its key, the table is a new one in which no row is chosen."""
    found: int = st.session_state.setdefault(_GENERATION, 0)
    return found


def outcome() -> None:
    """Carries out the last click and says what became of it; offers to take deletions back. Above the list, which then
    shows the change."""
    asked = command.told(PLACE)
    if asked:
        st.session_state[_GENERATION] = generation() + 1
    deleted = [one for one in st.session_state.get(_DELETED, []) if now_ms() - one.at_ms < UNDO_MS]
    if asked and asked.kind == "delete_session":
        deleted.append(Deleted(asked.payload["session_id"], st.session_state["deleting"], now_ms()))
    if asked and asked.kind == "restore_session":
        deleted = [one for one in deleted if one.id != asked.payload["session_id"]]
    st.session_state[_DELETED] = deleted
    for one in deleted:
        with st.container(horizontal=True, vertical_alignment="center", key=f"deleted-{one.id}"):
            st.button(_("Undo"), key=f"undo-{one.id}", on_click=_restore, args=(one.id,))
            st.text(_("Deleted: {name}").format(name=sendable(one.name) or _("Unnamed")))


def _rename(session_id: str) -> None:
    name = st.session_state[f"name-{session_id}"]
    command.ask(PLACE, "rename_session", {"session_id": session_id, "name": name}, _("Renamed."))


def _pin(session_id: str, pinned: bool) -> None:
    done = _("Pinned to the top.") if pinned else _("Unpinned.")
    command.ask(PLACE, "pin_session", {"session_id": session_id, "pinned": pinned}, done)


def _delete(row: SessionRow) -> None:
    st.session_state["deleting"] = row.name
    command.ask(PLACE, "delete_session", {"session_id": row.id}, _("Deleted."))


def _restore(session_id: str) -> None:
    command.ask(PLACE, "restore_session", {"session_id": session_id}, _("It is back."))
