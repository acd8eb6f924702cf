"""What the proxy does, changed while it runs: from the next new message on, and back to the files at any time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from addons.domain.settings import Settings
from dashboard import data, settings_form, settings_schema
from dashboard.components import address, setting, setting_table
from dashboard.components.boundary import boundary
from dashboard.components.command import alive as proxy_alive
from dashboard.components.setting import Known
from dashboard.data import SettingRow, SettingsError
from dashboard.format import label
from dashboard.i18n import _
from dashboard.settings_schema import Field, Section

PENDING_S, RESTING_S = 1, 10
"""Between refreshes, while something waits for the proxy and otherwise."""
PROVIDERS = "providers"


class Wanted(NamedTuple):
    """What of the settings is shown."""

    part: str
    """The first name of their paths; "" for all but the providers'."""
    find: str
    """Words in their names and help; "" for all."""
    provider: str
    model: str

    def sections(self) -> list[Section]:
        """Those with a field to show."""
        found = (
            replace(section, fields=tuple(field for field in section.fields if self._is_meant(field)))
            for section in self._of_part()
        )
        return [section for section in found if section.fields]

    def _of_part(self) -> Iterable[Section]:
        if self.part != PROVIDERS:
            return (section for section in settings_schema.sections() if self.part in ("", section.path[0]))
        of_provider = settings_schema.provider_sections(self.provider) if self.provider else ()
        of_model = settings_schema.model_sections(self.provider, self.model) if self.model else ()
        return (*of_provider, *of_model)

    def _is_meant(self, field: Field) -> bool:
        words = f"{field.key} {field.title} {_(field.title)} {_(field.help)}".lower()
        return all(word in words for word in self.find.lower().split())


def _rows() -> dict[str, SettingRow]:
    return {row.key: row for row in data.setting_rows()}


def _pending(rows: Mapping[str, SettingRow], *, alive: bool) -> bool:
    return alive and any(row.applied_at_ms is None and not row.error for row in rows.values())


def _section(section: Section, known: Known) -> None:
    with st.container(border=True, key=f"section-{'-'.join(section.path)}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.subheader(_(section.title), anchor=False, width="content")
            st.text(f"[{section.key}]")
        st.caption(_(section.help))
        for field in section.fields:
            if field.only_in_files:
                continue
            if field.control == "table":
                setting_table.table(field, known)
            else:
                setting.setting(field, known)


def _only_in_files(sections: Iterable[Section], in_files: Settings) -> None:
    """What cannot be changed here, with the reason; a secret without its value."""
    fields = [field for section in sections for field in section.fields if field.only_in_files]
    if not fields:
        return
    with st.container(border=True, key="only-in-files"):
        st.subheader(_("Only in providers.toml"), anchor=False)
        for field in fields:
            left, right = st.columns([5, 6], vertical_alignment="top")
            with left:
                setting.about(field)
            with right, st.container(gap="xxsmall"):
                if field.path not in settings_schema.SECRETS:
                    st.code(settings_form.written(settings_form.value_at(in_files, field.path)), language=None)
                about = field.only_in_files
                st.caption(_(about))


def _form(was_pending: bool, wanted: Wanted) -> None:
    """Draws itself anew while something waits for the proxy; the page then decides how often."""
    with boundary():
        alive, rows = proxy_alive(), _rows()
        if _pending(rows, alive=alive) != was_pending:
            st.rerun()
        if not alive:
            st.warning(_("No proxy is running. What is changed here is applied when one starts."))
        try:
            known = Known(said=data.settings_files_say(), in_files=data.settings_in_use(files_only=True),
                          in_use=data.settings_in_use(), rows=rows, alive=alive)  # fmt: skip
        except SettingsError as problem:
            st.warning(_("providers.toml cannot be used; a running proxy goes on with what it said before."))
            st.code(str(problem), language=None, wrap_lines=True)
            return
        sections = wanted.sections()
        if not sections:
            st.info(_("No setting matches. Search for another word, or show all settings."))
        for section in sections:
            if any(not field.only_in_files for field in section.fields):
                _section(section, known)
        _only_in_files(sections, known.in_files)


def _wanted() -> Wanted:
    parts = {"": _("All settings")} | {path[0]: "" for path in (one.path for one in settings_schema.sections())}
    names = parts | {path: _(settings_schema.title(path)) for path in parts if path} | {
        PROVIDERS: _("Providers, models and prices")}  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="settings-filters"):
        find = address.text("find", _("Search"))
        part = address.choice("part", _("Show"), list(names), names.__getitem__, width=250)
        provider, model = _provider() if part == PROVIDERS else ("", "")
    return Wanted(part, find.strip(), provider, model)


def _provider() -> tuple[str, str]:
    try:
        providers = data.settings_in_use().providers
    except SettingsError:  # told below
        return "", ""
    provider = address.choice("for", _("Provider"), list(providers), lambda key: label(providers[key].name), width=200)
    models = list(providers[provider].models)
    model = address.choice("model", _("Model"), models, str, width=260) if models else ""
    return provider, model


st.caption(
    _("Changes apply from the next new message on: what was forwarded for older ones stays as it was, so that the "
      "provider's prefix cache is kept. A new provider or model is added in providers.toml.")
)  # fmt: skip
wanted = _wanted()
pending = _pending(_rows(), alive=proxy_alive())
st.fragment(_form, run_every=PENDING_S if pending else RESTING_S)(pending, wanted)
