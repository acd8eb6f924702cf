"""Single settings, changed while the proxy runs, over the documents.

A change is a path as TOML writes it ("masking.policy", 'providers.x.models."k2.5".context_window') and a value in JSON
types.
"""

import tomllib
from collections.abc import Mapping, Sequence

from addons.domain.settings.alerts import SECRETS
from addons.domain.settings.documents import Document, SettingsError, Table, quoted
from addons.domain.settings.parsing import parse
from addons.domain.settings.schema import Settings

NAME = "dashboard"
"""Where these settings come from, in messages."""


def overlay(documents: Sequence[Document], changes: Mapping[str, object]) -> tuple[Settings, dict[str, str]]:
    """The settings with all changes that can be used, and why each of the others cannot. What does not fit together is
    refused from its second part on.

    :raises SettingsError: if the documents alone cannot be used.
    """
    try:
        return parse([*documents, *(_document(key, value) for key, value in changes.items())]), {}
    except SettingsError:
        return _one_by_one(documents, changes)


def _one_by_one(documents: Sequence[Document], changes: Mapping[str, object]) -> tuple[Settings, dict[str, str]]:
    settings, usable = parse(documents), list(documents)
    errors: dict[str, str] = {}
    for key, value in changes.items():
        try:
            document = _document(key, value)
            settings = parse([*usable, document])
        except SettingsError as error:
            errors[key] = str(error)
        else:
            usable.append(document)
    return settings, errors


def _document(key: str, value: object) -> Document:
    return NAME, _table(key, value)


def _table(key: str, value: object) -> Table:
    """:raises SettingsError: if the key is not the path of a setting."""
    try:
        parts = _path(tomllib.loads(f"{key} = 0"))
    except (ValueError, RecursionError):
        parts = []
    if not parts:
        raise SettingsError(f"{NAME}: {quoted(key)} is not a setting; expected a path such as masking.policy")
    for part in reversed(parts):
        value = {part: value}
    assert isinstance(value, dict)
    for section, name in SECRETS:
        if isinstance(value.get(section), dict) and name in value[section]:
            raise SettingsError(f"{NAME}: {section}.{name} holds secrets; expected in providers.toml")
    return value


def _path(table: object) -> list[str]:
    """The keys down to the 0, where there is one at each step; else nothing."""
    parts: list[str] = []
    while isinstance(table, dict) and len(table) == 1:
        ((part, table),) = table.items()
        parts.append(part)
    return parts if table == 0 and not isinstance(table, dict) else []
