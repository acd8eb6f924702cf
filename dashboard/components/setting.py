"""One setting on the page: its name and help, the value in use, where it comes from, and whether the proxy uses it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import data, settings_form
from dashboard.data import SettingRow, StoreUnavailable
from dashboard.format import label
from dashboard.i18n import _
from dashboard.settings_form import Field

_REFUSED = "refused-settings"
"""In the session state: what was typed and is not used, with the reason, by key."""


def refused() -> dict[str, tuple[object, str]]:
    found: dict[str, tuple[object, str]] = st.session_state.setdefault(_REFUSED, {})
    return found


def put(key: str, value: object) -> None:
    """For the proxy; what it would refuse is not even asked of it. None gives the setting back to the files."""
    problem = settings_form.refusal(key, value) if value is not None else ""
    if not problem:
        try:
            data.put_setting(key, value)
        except StoreUnavailable as error:
            problem = str(error)
    if problem:
        refused()[key] = (value, problem)
    else:
        refused().pop(key, None)


def setting(field: Field, in_files: Any, row: SettingRow | None, *, alive: bool) -> None:
    """:param in_files: the files' value, or the built-in default. :param row: what was set here, if anything was."""
    is_set = row is not None and row.value is not None
    value = row.value if row is not None and is_set else in_files
    with st.container(key=f"setting-{field.section}-{field.name}"):
        about, control, state = st.columns([5, 3, 3], vertical_alignment="top")
        with about, st.container(gap="xxsmall"):
            st.markdown(f"**{_(field.title)}** · `{label(field.name)}`")
            st.caption(_(field.help))
        with control, st.container(gap="xxsmall"):
            _control(field, value)
            if field.key in refused():
                st.badge(_("not used"), color="red")
                st.text(refused()[field.key][1])
            elif field.control in ("number", "list", "text"):
                st.caption(_(field.accepts))
        with state:
            _state(field, settings_form.written(in_files), row, is_set=is_set, alive=alive)


def _control(field: Field, value: Any) -> None:
    """The widget shows what is in use, or what was typed and refused."""
    key = f"value-{field.key}"
    shown = refused()[field.key][0] if field.key in refused() else value

    def changed() -> None:
        new = st.session_state[key]
        put(field.key, settings_form.typed(field, new) if isinstance(new, str) and not field.choices else new)

    if field.control == "switch":
        st.session_state[key] = bool(shown)
        st.toggle(_(field.title), key=key, on_change=changed, label_visibility="collapsed")
    elif field.control == "choice":
        st.session_state[key] = shown if shown in field.choices else field.choices[0]
        st.selectbox(_(field.title), field.choices, key=key, on_change=changed, label_visibility="collapsed")
    else:
        st.session_state[key] = settings_form.written(shown)
        st.text_input(_(field.title), key=key, on_change=changed, label_visibility="collapsed")


def _state(field: Field, in_files: str, row: SettingRow | None, *, is_set: bool, alive: bool) -> None:
    if is_set:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(_("set here"), color="blue")
            st.button(_("Reset"), key=f"reset-{field.key}", on_click=put, args=(field.key, None), type="tertiary",
                      help=_("Back to what providers.toml says, or the built-in default."))  # fmt: skip
        st.text(_("providers.toml: {value}").format(value=in_files or '""'))
    else:
        st.badge(_("from providers.toml"), color="gray", help=_("Or the built-in default, where it says nothing."))
    if row is not None:
        applied(row, alive=alive)


def applied(row: SettingRow, *, alive: bool) -> None:
    """Whether a proxy uses it. The proxy's reason may quote what was typed, hence `st.text`."""
    if row.error:
        st.badge(_("refused by the proxy"), color="red")
        st.text(row.error)
    elif row.applied_at_ms is not None:
        st.text(_("applied by the proxy at {time}").format(time=clock(row.applied_at_ms)))
    elif alive:
        st.text(_("waiting for the proxy …"))
    else:
        st.text(_("applied when a proxy starts"))


def clock(at_ms: int) -> str:
    """hh:mm:ss in the person's time zone."""
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else None
    return datetime.fromtimestamp(at_ms / 1_000, zone).strftime("%H:%M:%S")
