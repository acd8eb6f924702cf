"""What can be done to a session, beside its figures: what is worth it first, then every button."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from addons.domain.settings.schema import Compression
from dashboard import data, settings_form
from dashboard.components import command, setting
from dashboard.components.compress_now import preview_button
from dashboard.data import LiveRow, SessionRow, SettingsError
from dashboard.figures import cache_share, latest_in_context, requests_until_full, turns_until_full
from dashboard.i18n import _
from dashboard.next_step import COMPRESS, MASK, Advice, Standing, next_step

PLACE = "actions"
OFF = "off"
BYPASSED = "sessions.bypassed"
"""The setting that lists the sessions whose requests go as they come."""


def actions(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    with st.container(border=True, key="next-step"):
        advice = _advice(session, rows)
        st.markdown(_("**What to do next**"))
        st.text(advice.text)
        _buttons(session, advice.button)


def _advice(session: SessionRow, rows: Sequence[LiveRow]) -> Advice:
    last, left = latest_in_context(rows), requests_until_full(rows)
    share, counted = cache_share(rows)
    try:
        compression = data.settings_in_use().compression
    except SettingsError:
        compression = Compression()  # the strip on top says that providers.toml is not in use
    return next_step(Standing(
        fill=session.context_fill, turns_left=None if left is None else turns_until_full(rows, left),
        cache_share=share, cache_requests=counted, found=data.composition_of(last.id) if last else None,
        masks=policy_of(session) not in ("", OFF) and not is_bypassed(session), compression=compression,
    ))  # fmt: skip


def _emphasis(is_advised: bool) -> Literal["primary", "secondary"]:
    return "primary" if is_advised else "secondary"


def _buttons(session: SessionRow, advised: str) -> None:
    """They act on the session that was shown when they were clicked, even if another is the latest by now. A press may
    come twice (`command.ECHO_S`): what takes something back has a key of its own, or it would answer the second."""
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        about = _("With the next request all that may go is masked, at the price of its prefix cache.")
        policy, bypassed = policy_of(session), is_bypassed(session)
        st.button(_("Mask now"), key="mask-now", on_click=_mask_now, args=(session.id,), help=about,
                  type=_emphasis(advised == MASK), disabled=policy == OFF or bypassed)  # fmt: skip
        preview_button(session, type=_emphasis(advised == COMPRESS))
        words = _("Take it up again") if bypassed else _("Bypass this session")
        st.button(words, key="take-up" if bypassed else "bypass", on_click=_bypass, args=(session.id, not bypassed),
                  help=_("A bypassed session's requests are forwarded as they come: nothing is masked, compressed or "
                         "routed. The first one after each change is paid for without prefix cache."))  # fmt: skip
        if bypassed:
            st.badge(_("bypassed"), color="orange", help=_("Its requests are forwarded as they come."))
        elif policy:
            _policy(session, policy)
    command.told(PLACE)


def is_bypassed(session: SessionRow) -> bool:
    try:
        return session.id in data.settings_in_use().sessions.bypassed
    except SettingsError:
        return False  # the strip on top says that providers.toml is not in use


def _bypass(session_id: str, on: bool) -> None:
    others = [one for one in data.settings_in_use().sessions.bypassed if one != session_id]
    setting.put(BYPASSED, [*others, session_id] if on else others)
    problem = setting.refused().pop(BYPASSED, None)
    done = _("From the next request on it goes as it comes.") if on else _("From the next request on it is worked on.")
    command.tell(PLACE, problem[1] if problem else "", done)


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
        is_off = policy == OFF
        words = _("Resume masking for its project") if is_off else _("Pause masking for its project")
        st.button(words, key="resume" if is_off else "pause", on_click=_switch, args=(session.project, not is_off),
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
