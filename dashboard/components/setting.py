"""One setting on the page: its name and help, the value in use, where it comes from, and whether the proxy uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from addons.domain.settings import Settings
from dashboard import data, settings_form
from dashboard.components import setting_control
from dashboard.components.clock import clock
from dashboard.data import SettingRow, SettingsError, StoreUnavailable
from dashboard.format import label
from dashboard.i18n import _
from dashboard.settings_form import DEFAULT, FILES, HERE
from dashboard.settings_schema import Field

_REFUSED = "refused-settings"
"""In the session state: what was typed and is not used, with the reason, by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that is known of the settings at one moment."""

    said: Mapping[str, Any]
    """The files' tables, as they are written."""
    in_files: Settings
    in_use: Settings
    """The files', and over them what was set here."""
    rows: Mapping[str, SettingRow]
    """What was set here, by key."""
    alive: bool
    """Whether a proxy is."""


def refused() -> dict[str, tuple[object, str]]:
    found: dict[str, tuple[object, str]] = st.session_state.setdefault(_REFUSED, {})
    return found


def put(key: str, value: object) -> None:
    """For the proxy; what it would refuse is not even asked of it. None gives the setting back to the files."""
    try:
        problem = settings_form.refusal(key, value) if value is not None else ""
        if not problem:
            data.put_setting(key, value)
    except (SettingsError, StoreUnavailable) as error:
        problem = str(error)
    if problem:
        refused()[key] = (value, problem)
    else:
        refused().pop(key, None)


def setting(field: Field, known: Known) -> None:
    row = known.rows.get(field.key)
    value = row.value if row is not None else None
    if value is None:
        value = settings_form.value_at(known.in_files, field.path)
    with st.container(key=f"setting-{'-'.join(field.path)}"):
        left, middle, right = st.columns([5, 3, 3], vertical_alignment="top")
        with left:
            about(field)
        with middle, st.container(gap="xxsmall"):
            shown = refused()[field.key][0] if field.key in refused() else value
            setting_control.control(field, shown, put)
            if field.key in refused():
                refusal(field.key)
            else:
                accepted(field)
        with right, st.container(gap="xxsmall"):
            _state(field, known)


def about(field: Field) -> None:
    """Its name as a person and as the file says it, and what it does."""
    with st.container(gap="xxsmall"):
        st.markdown(f"**{_(field.title)}** · `{label(field.name)}`")
        st.caption(_(field.help))


def accepted(field: Field) -> None:
    """What can be typed, and its unit."""
    if field.control not in ("number", "list", "text"):
        return
    words = f"{_(field.accepts)} · {_(field.unit)}" if field.unit else _(field.accepts)
    st.caption(words)


def refusal(key: str) -> None:
    """The reason may quote what was typed, hence `st.text`."""
    st.badge(_("not used"), color="red")
    st.text(refused()[key][1])


def _state(field: Field, known: Known) -> None:
    row, in_files = known.rows.get(field.key), settings_form.value_at(known.in_files, field.path)
    is_set = row is not None and row.value is not None
    origin = settings_form.origin(field, known.said, in_files, is_set=is_set)
    if origin == HERE:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(_("set here"), color="blue")
            reset(field.key, _("Reset"))
        if settings_form.origin(field, known.said, in_files, is_set=False) == FILES:
            st.text(_("providers.toml: {value}").format(value=_shown(in_files)))
    elif origin == DEFAULT:
        st.badge(_("built-in default"), color="gray", help=_("providers.toml does not say anything else."))
    else:
        st.badge(_("from providers.toml"), color="green")
    if origin != DEFAULT and field.default not in (None, "", []):
        st.text(_("built-in default: {value}").format(value=_shown(field.default)))
    if row is not None:
        applied(row, alive=known.alive)


def reset(key: str, words: str) -> None:
    """:param words: our own."""
    st.button(words, key=f"reset-{key}", on_click=put, args=(key, None), type="tertiary",
              help=_("Back to what providers.toml says, or the built-in default."))  # fmt: skip


def applied(row: SettingRow, *, alive: bool) -> None:
    """Whether a proxy uses it. The proxy's reason may quote what was typed, hence `st.text`."""
    if row.error:
        st.badge(_("refused by the proxy"), color="red")
        st.text(row.error)
    elif row.applied_at_ms is not None:
        st.text(_("applied at {time} by {proxy}").format(time=clock(row.applied_at_ms), proxy=_proxy(row.applied_by)))
    elif alive:
        st.text(_("waiting for the proxy …"))
    else:
        st.text(_("applied when a proxy starts"))


def _proxy(proxy_id: str | None) -> str:
    """By where it listens or, once it is forgotten, its id."""
    listen = next((sign.listen for sign in data.proxy_signs() if sign.proxy_id == proxy_id), "")
    return _("the proxy {name}").format(name=listen or proxy_id) if proxy_id else _("the proxy")


def _shown(value: Any) -> str:
    return settings_form.written(value) or _("nothing")
