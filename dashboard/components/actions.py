"""What can be done to a session, beside its figures."""

import streamlit as st

from dashboard import data, settings_form
from dashboard.components import command, setting
from dashboard.components.compress_now import preview_button
from dashboard.data import SessionRow, SettingsError
from dashboard.i18n import _

PLACE = "actions"
OFF = "off"


def actions(session: SessionRow) -> None:
    """The buttons act on the session that was shown when they were clicked, even if another is the latest by now."""
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        about = _("With the next request all that may go is masked, at the price of its prefix cache.")
        policy = policy_of(session)
        st.button(_("Mask now"), key="mask-now", on_click=_mask_now, args=(session.id,), help=about,
                  disabled=policy == OFF)  # fmt: skip
        preview_button(session)
        if policy:
            _policy(session, policy)
    command.told(PLACE)


def _mask_now(session_id: str) -> None:
    done = _("The session's next request masks all that may go.")
    command.ask(PLACE, "mask_now", {"session_id": session_id}, done)


def policy_of(session: SessionRow) -> str:
    """How it is masked; "" where the settings cannot be read, which the strip on top says."""
    try:
        return data.settings_in_use().masking.policy_for(session.project, session.provider)
    except SettingsError:
        return ""


def _policy(session: SessionRow, policy: str) -> None:
    """A session of a project can be left alone from here."""
    if session.project:
        words = _("Resume masking for its project") if policy == OFF else _("Pause masking for its project")
        st.button(words, key="pause", on_click=_switch, args=(session.project, policy != OFF),
                  help=_("From the next new message on; what is masked stays as it is."))  # fmt: skip
    st.badge(_("masking: {policy}").format(policy=policy), color="gray" if policy == OFF else "green",
             help=_("The policy for this session's project and provider; Settings has them all."))  # fmt: skip


def _switch(project: str, off: bool) -> None:
    """Resumed, the project is again masked as the files say; where they say off, as is usual."""
    key = settings_form.policy_key("projects", project)
    in_files = data.settings_in_use(files_only=True).masking.projects.get(project)
    setting.put(key, OFF if off else settings_form.policies()[0] if in_files == OFF else None)
    problem = setting.refused().pop(key, None)
    done = _("Paused for the project.") if off else _("Resumed for the project.")
    command.tell(PLACE, problem[1] if problem else "", done)
