"""What can be done to one session in the list. A proxy does it, the only one that writes."""

import streamlit as st

from addons.domain.settings import Sessions
from dashboard import data
from dashboard.components import session_undo
from dashboard.data import SessionRow, SettingsError, TurnStart
from dashboard.excerpts import sendable
from dashboard.format import ago, label, now_ms, tokens
from dashboard.i18n import _

NAME_LIMIT = 200
"""Characters of a session's name, or a project's."""


def session_actions(row: SessionRow) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _named(row)
        _filed(row)
    with st.container(horizontal=True):
        if row.pinned:
            st.button(_("Unpin"), key=f"pin-{row.id}", on_click=_pin, args=(row.id, False))
        else:
            st.button(_("Pin to the top"), key=f"pin-{row.id}", on_click=_pin, args=(row.id, True))
        _split(row)
        st.button(_("Delete"), key=f"delete-{row.id}", on_click=_delete, args=(row,),
                  help=_("With its requests and originals. It leaves every figure, what was spent included, and can be "
                         "brought back for {n} hours.").format(n=label(f"{_undo_hours():g}")))  # fmt: skip


def deleted_actions(row: SessionRow) -> None:
    """Of a session that is deleted, or was merged into another."""
    merged = data.merged_into([row.id])
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.id in merged:
            st.button(_("Take out again"), key=f"restore-{row.id}", on_click=_restore, args=(row.id, True))
            st.text(_("Merged into: {name}").format(name=sendable(merged[row.id]) or _("Unnamed")))
        else:
            st.button(_("Bring back"), key=f"restore-{row.id}", on_click=_restore, args=(row.id, False))
            st.button(_("Delete for ever"), key=f"erase-{row.id}", on_click=_erase, args=(row.id,),
                      help=_("Now, with all that no other session needs. This cannot be taken back."))  # fmt: skip


def _named(row: SessionRow) -> None:
    with st.form(f"form-{row.id}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Name"), value=sendable(row.name), max_chars=NAME_LIMIT, width=360, key=f"name-{row.id}")
        st.form_submit_button(_("Rename"), on_click=_rename, args=(row.id,))


def _filed(row: SessionRow) -> None:
    with st.form(f"project-form-{row.id}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Project"), value=sendable(row.project), max_chars=NAME_LIMIT, width=220,
                      key=f"project-{row.id}",
                      help=_("Its requests count for this project, those to come included, whatever the client "
                             "names."))  # fmt: skip
        st.form_submit_button(_("Move"), on_click=_file, args=(row.id,))


def _split(row: SessionRow) -> None:
    with st.popover(_("Split"), key=f"split-{row.id}", disabled=row.completions < 2):
        starts = {start.id: start for start in data.turn_starts(row.id)}
        if not starts:
            st.text(_("It has one turn only: there is nowhere to split it."))
            return
        st.caption(_("From the chosen request on it is a session of its own, and the conversation goes on in that one. "
                     "The earlier requests keep the name."))  # fmt: skip
        st.selectbox(_("The new session begins with"), list(starts), key=f"split-at-{row.id}",
                     format_func=lambda key: _start(starts[key]))  # fmt: skip
        st.text_input(_("Its name"), max_chars=NAME_LIMIT, key=f"split-name-{row.id}",
                      placeholder=_("The old name with a number"))  # fmt: skip
        st.button(_("Split here"), key=f"split-now-{row.id}", type="primary", on_click=_split_at, args=(row,))


def _start(start: TurnStart) -> str:
    """Options are plain text."""
    words = _("Turn {turn} · {when} · {model} · {tokens} prompt tokens")
    return words.format(
        turn=start.turn,
        when=ago(start.started_at_ms, now_ms()),
        model=label(start.model),
        tokens=tokens(start.prompt_tokens),
    )


def _undo_hours() -> float:
    try:
        return data.settings_in_use().sessions.undo_hours
    except SettingsError:  # which the strip on top says
        return Sessions().undo_hours


def _rename(session_id: str) -> None:
    name = st.session_state[f"name-{session_id}"]
    session_undo.ask("rename_session", {"session_id": session_id, "name": name}, _("Renamed."))


def _file(session_id: str) -> None:
    project = st.session_state[f"project-{session_id}"]
    session_undo.ask("file_session", {"session_id": session_id, "project": project}, _("Moved."))


def _pin(session_id: str, pinned: bool) -> None:
    done = _("Pinned to the top.") if pinned else _("Unpinned.")
    session_undo.ask("pin_session", {"session_id": session_id, "pinned": pinned}, done)


def _split_at(row: SessionRow) -> None:
    """Not by the button's arguments, which are older than what was typed just before the click."""
    at, name = st.session_state[f"split-at-{row.id}"], st.session_state[f"split-name-{row.id}"]
    payload = {"session_id": row.id, "completion_id": at, "name": name}
    session_undo.ask("split_session", payload, _("Split."), row.name)


def _delete(row: SessionRow) -> None:
    session_undo.ask("delete_session", {"session_id": row.id}, _("Deleted."), row.name)


def _restore(session_id: str, merged: bool) -> None:
    done = _("They are apart again.") if merged else _("It is back.")
    session_undo.ask("restore_session", {"session_id": session_id}, done)


def _erase(session_id: str) -> None:
    session_undo.ask("erase_session", {"session_id": session_id}, _("Deleted for ever."))
