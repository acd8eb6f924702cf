"""What the proxy does, changed while it runs: from the next new message on, and back to the files at any time."""

from collections.abc import Mapping

import streamlit as st

from dashboard import data, settings_form
from dashboard.components import policy_exceptions, setting
from dashboard.components.boundary import boundary
from dashboard.components.command import alive as proxy_alive
from dashboard.data import SettingRow, SettingsError
from dashboard.i18n import _
from dashboard.settings_form import Section

PENDING_S, RESTING_S = 1, 5
"""Between refreshes, while something waits for the proxy and otherwise."""


def _rows() -> dict[str, SettingRow]:
    return {row.key: row for row in data.setting_rows()}


def _pending(rows: Mapping[str, SettingRow], *, alive: bool) -> bool:
    return alive and any(row.applied_at_ms is None and not row.error for row in rows.values())


def _section(section: Section, rows: Mapping[str, SettingRow], *, alive: bool) -> None:
    in_files = data.settings_in_use(files_only=True)
    with st.container(border=True, key=f"section-{section.name}"):
        st.subheader(_(section.title), anchor=False)
        st.caption(_(section.help))
        for field in section.fields:
            setting.setting(field, settings_form.value_of(in_files, field), rows.get(field.key), alive=alive)


def _form(was_pending: bool) -> None:
    """Draws itself anew while something waits for the proxy; the page then decides how often."""
    with boundary():
        alive, rows = proxy_alive(), _rows()
        if _pending(rows, alive=alive) != was_pending:
            st.rerun()
        if not alive:
            st.warning(_("No proxy is running. What is changed here is applied when one starts."))
        try:
            data.settings_in_use(files_only=True)
        except SettingsError as problem:
            st.warning(_("providers.toml cannot be used; a running proxy goes on with what it said before."))
            st.code(str(problem), language=None, wrap_lines=True)
            return
        for section in settings_form.sections():
            _section(section, rows, alive=alive)
            if section.name == "masking":
                policy_exceptions.exceptions(rows, alive=alive)


st.caption(
    _("Changes apply from the next new message on: what was forwarded for older ones stays as it was, so that the "
      "provider's prefix cache is kept. Providers, models and prices are set in providers.toml.")
)  # fmt: skip
pending = _pending(_rows(), alive=proxy_alive())
st.fragment(_form, run_every=PENDING_S if pending else RESTING_S)(pending)
