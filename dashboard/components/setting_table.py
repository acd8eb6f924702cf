"""A setting that is a table of values by names, such as the policy of single projects: its rows, and one more."""

from typing import Any

import streamlit as st

from dashboard import data
from dashboard.components import setting, setting_control
from dashboard.components.setting import Known
from dashboard.i18n import _
from dashboard.settings_form import value_at, written
from dashboard.settings_schema import Field, key_of


def table(field: Field, known: Known) -> None:
    in_files, in_use = value_at(known.in_files, field.path) or {}, value_at(known.in_use, field.path) or {}
    with st.container(key=f"setting-{'-'.join(field.path)}"):
        setting.about(field)
        for name in in_use:
            _row(field, name, in_use[name], known, in_files=name in in_files)
        _add(field)


def _row(field: Field, name: str, value: Any, known: Known, *, in_files: bool) -> None:
    key = key_of((*field.path, name))
    row = known.rows.get(key)
    shown = setting.refused()[key][0] if key in setting.refused() else value
    drawn = written(shown)
    widget = setting_control.widget_key(key, drawn)

    def changed() -> None:
        new = st.session_state.get(widget, drawn)
        if new != drawn:  # a browser may send all it shows once more
            setting.put(key, new)

    with st.container(horizontal=True, vertical_alignment="center", key=f"row-{'-'.join(field.path)}-{name}"):
        st.text(name, width=220)
        if field.choices:
            at = field.choices.index(drawn) if drawn in field.choices else 0
            st.selectbox(_("Value"), field.choices, at, key=widget, on_change=changed, label_visibility="collapsed",
                         width=170)  # fmt: skip
        else:
            st.text_input(_("Value"), drawn, key=widget, on_change=changed, label_visibility="collapsed", width=240)
        if row is not None and row.value is not None:
            setting.reset(key, _("Reset") if in_files else _("Remove"))
            setting.applied(row, alive=known.alive)
        else:
            st.badge(_("from providers.toml"), color="green")
        if key in setting.refused():
            setting.refusal(key)


def _add(field: Field) -> None:
    """What is refused stays in the form, with the reason."""
    name_key, value_key = f"name-{field.key}", f"new-{field.key}"

    def added() -> None:
        name, value = str(st.session_state[name_key] or "").strip(), st.session_state[value_key]
        setting.refused().pop(field.key, None)
        if not name or not value:
            setting.refused()[field.key] = ("", _("Say the name and the value first."))
            return
        key = key_of((*field.path, name))
        setting.put(key, value)
        if problem := setting.refused().pop(key, None):
            setting.refused()[field.key] = problem

    with st.form(f"add-{field.key}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        _new(_("Name"), name_key, _names(field), width=220)
        if field.choices:
            st.selectbox(_("Value"), field.choices, key=value_key, width=170)
        else:
            _new(_("Value"), value_key, setting_control.suggested(field), width=240)
        st.form_submit_button(_("Add"), on_click=added)
    if field.key in setting.refused():
        setting.refusal(field.key)


def _new(title: str, key: str, offered: list[str], width: int) -> None:
    """Typed; or chosen, where something is offered. :param title: our own words."""
    if offered:
        st.selectbox(title, offered, key=key, index=None, accept_new_options=True, width=width,
                     placeholder=_("Choose or type"))  # fmt: skip
    else:
        st.text_input(title, key=key, width=width)


def _names(field: Field) -> list[str]:
    """That are likely to be meant."""
    match field.path:
        case ("masking", "projects"):
            return data.projects()
        case ("masking", "providers"):
            return sorted(data.settings_in_use().providers)
        case _:
            return []
