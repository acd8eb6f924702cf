"""What the person changes: settings and commands, which the proxies read from the store and carry out."""

import json
import os
from collections.abc import Mapping
from typing import Any

import streamlit as st

from addons.domain import places
from addons.domain.settings import Document, Settings, SettingsError, overlay
from addons.domain.settings.documents import Documents
from addons.services import settings_files
from dashboard.data.asking import answer_anew, asks, control_engine, reading_engine
from db import outbox
from db.queries import proxies, settings
from db.queries.proxies import ProxySign
from db.queries.reading import StoreUnavailable, answering
from db.queries.settings import SettingRow

proxy_signs = asks(proxies.signs)
setting_rows = asks(settings.rows)


def put_setting(key: str, value: object) -> None:
    """For the proxies, by its path in providers.toml; None gives it back to the files.

    :raises StoreUnavailable: if it cannot be stored.
    """
    with answering():
        outbox.put_setting(control_engine(places.database_url(os.environ)), key, value)
    answer_anew()


def put_command(kind: str, payload: Mapping[str, object]) -> int:
    """Asks the proxies for something; the id is for `command_result`.

    :raises StoreUnavailable: if it cannot be stored.
    """
    with answering():
        return outbox.put_command(control_engine(places.database_url(os.environ)), kind, payload)


def command_result(command_id: int) -> dict[str, Any] | None:
    """`{"ok": …}` or `{"error": "…"}`; None while no proxy has answered. Asked anew each time.

    :raises StoreUnavailable: if the store does not answer.
    """
    with answering():
        found = outbox.command_result(reading_engine(places.database_url(os.environ)), command_id)
    if found is not None:
        answer_anew()
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _overlaid(documents: tuple[Document, ...], changes: str) -> tuple[Settings, Mapping[str, str]]:
    """Kept by content: reading providers.toml takes a tenth of a second, and pages ask every second."""
    return overlay(documents, json.loads(changes))


def settings_in_use(*, files_only: bool = False) -> Settings:
    """Those of the files, and over them what was set here: what a proxy uses that has noticed both.

    :raises SettingsError: if the files cannot be used.
    :raises StoreUnavailable: if the store does not answer.
    """
    rows = [] if files_only else setting_rows()
    changes = {row.key: row.value for row in rows if row.value is not None and not row.error}
    found, _errors = _overlaid(tuple(settings_files.documents(os.environ)), json.dumps(changes))
    return found


def allowed_people() -> tuple[str, ...]:
    """By the files alone: who has been let in shall not let in others, nor shut them out.

    :raises SettingsError: if the files cannot be used.
    """
    return settings_in_use(files_only=True).team.allowed


def setting_refusal(key: str, value: object) -> str:
    """Why a proxy would not use it, in the words for providers.toml; "" where it would.

    :raises SettingsError: if the files cannot be used.
    :raises StoreUnavailable: if the store does not answer.
    """
    others = {row.key: row.value for row in setting_rows() if row.value is not None and row.key != key}
    _settings, errors = overlay(settings_files.documents(os.environ), {**others, key: value})
    return errors.get(key, "").removeprefix("dashboard: ")


@st.cache_resource(max_entries=4, show_spinner=False)
def _merged(documents: tuple[Document, ...]) -> Mapping[str, Any]:
    return Documents(documents).table


def settings_files_say() -> Mapping[str, Any]:
    """The tables of the files as they are written, one over the other: what none names has its built-in default.

    :raises SettingsError: if the files cannot be read.
    """
    return _merged(tuple(settings_files.documents(os.environ)))


__all__ = [
    "ProxySign",
    "SettingRow",
    "SettingsError",
    "StoreUnavailable",
    "allowed_people",
    "command_result",
    "proxy_signs",
    "put_command",
    "put_setting",
    "setting_refusal",
    "setting_rows",
    "settings_files_say",
    "settings_in_use",
]
