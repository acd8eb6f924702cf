"""The masking policy of single projects and providers: those there are, and one more."""

from collections.abc import Mapping

import streamlit as st

from dashboard import data, settings_form
from dashboard.components import setting
from dashboard.data import SettingRow
from dashboard.format import label
from dashboard.i18n import _

PROJECTS, PROVIDERS = "projects", "providers"
"""Tables of `[masking]`."""
_NEW = {name: f"new-{name}" for name in ("table", "project", "provider", "policy")}
"""Keys of the widgets that name one more."""
REFUSED = "exception"
"""Where the reason is kept why one more could not be added."""


def exceptions(rows: Mapping[str, SettingRow], *, alive: bool) -> None:
    """The masking policy of single projects and providers."""
    in_files, in_use = data.settings_in_use(files_only=True).masking, data.settings_in_use().masking
    with st.container(border=True, key="exceptions"):
        st.subheader(_("Masking of single projects and providers"), anchor=False)
        st.caption(_("A project's policy goes before its provider's, and both before the policy above."))
        for table, of_files, found in (
            (PROJECTS, in_files.projects, in_use.projects),
            (PROVIDERS, in_files.providers, in_use.providers),
        ):
            for name in found:
                _exception(table, name, str(found[name]), rows, in_files=name in of_files, alive=alive)
        _add()


def _exception(
    table: str, name: str, policy: str, rows: Mapping[str, SettingRow], *, in_files: bool, alive: bool
) -> None:
    key = settings_form.policy_key(table, name)
    row, widget = rows.get(key), f"value-{key}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"exception-{table}-{name}"):
        st.text(_("Project {name}").format(name=name) if table == PROJECTS else _("Provider {name}").format(name=name),
                width=300)  # fmt: skip
        st.session_state[widget] = policy
        st.selectbox(_("Policy"), settings_form.policies(), key=widget, label_visibility="collapsed", width=170,
                     on_change=lambda: setting.put(key, st.session_state[widget]))  # fmt: skip
        if row is not None and row.value is not None:
            words = _("Reset") if in_files else _("Remove")
            st.button(words, key=f"reset-{key}", on_click=setting.put, args=(key, None), type="tertiary")
            setting.applied(row, alive=alive)
        else:
            st.badge(_("from providers.toml"), color="gray")


def _add() -> None:
    known = sorted(data.settings_in_use().providers)
    with st.form("add-exception", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(_("For one"), [PROJECTS, PROVIDERS], key=_NEW["table"], width=150,
                     format_func=lambda key: _("Project") if key == PROJECTS else _("Provider"))  # fmt: skip
        st.text_input(_("Project's name"), key=_NEW["project"], width=190,
                      help=_("As the X-Kimi-Project header says it."))  # fmt: skip
        st.selectbox(_("Or the provider"), known, key=_NEW["provider"], format_func=label, width=190)
        st.selectbox(_("Its policy"), settings_form.policies()[::-1], key=_NEW["policy"], width=150)
        st.form_submit_button(_("Add"), on_click=_added)
    if problem := setting.refused().get(REFUSED):
        st.text(problem[1])


def _added() -> None:
    table, project, provider, policy = (st.session_state[key] for key in _NEW.values())
    name = project.strip() if table == PROJECTS else provider
    setting.refused().pop(REFUSED, None)
    if not name:
        setting.refused()[REFUSED] = ("", _("Name the project first."))
        return
    key = settings_form.policy_key(table, name)
    setting.put(key, policy)
    if problem := setting.refused().pop(key, None):
        setting.refused()[REFUSED] = problem
