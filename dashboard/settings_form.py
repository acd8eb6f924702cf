"""Values of settings, between what a person types, what the files say and what is stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

import msgspec

from addons.domain.settings import Policy, Settings
from dashboard import data
from dashboard.i18n import N_, _
from dashboard.settings_schema import Field, Path, key_of

KEY_LIMIT = 100
"""Characters of a path: the width of its column."""
DEFAULT, FILES, HERE = N_("built-in default"), N_("from providers.toml"), N_("set here")
"""Where a value comes from."""


def policies() -> tuple[str, ...]:
    """Of masking, for a project or a provider; the usual one first."""
    return get_args(Policy)


def policy_key(table: str, name: str) -> str:
    """The path of the policy of one project or provider: `table` is `projects` or `providers`."""
    return key_of(("masking", table, name))


def refusal(key: str, value: object) -> str:
    """Why the value cannot be used, as for providers.toml; "" where it can."""
    if len(key) > KEY_LIMIT:
        return _("The name is too long to be stored.")
    return data.setting_refusal(key, value)


def typed(text: str) -> object:
    """What was typed into a list, as JSON has it where it is a number."""
    try:
        found: object = msgspec.json.decode(text.strip())
    except msgspec.DecodeError:
        return text.strip()
    return found if isinstance(found, int | float) and not isinstance(found, bool) else text.strip()


def written(value: object) -> str:
    """For people; what is a text stands as it is, and nothing is ""."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def value_at(settings: Settings, path: Path) -> Any:
    """As JSON has it; None for what is not set, and below what is not there."""
    found: Any = settings
    for part in path:
        if found is None:
            return None
        found = found.get(part) if isinstance(found, Mapping) else getattr(found, part)
    if isinstance(found, tuple):
        return list(found)
    if isinstance(found, date):
        return found.isoformat()
    return dict(found) if isinstance(found, Mapping) else found


def origin(field: Field, said: Mapping[str, Any], in_files: object, *, is_set: bool) -> str:
    """One of DEFAULT, FILES and HERE. A value of another provider's model (`models_from`) is the files', too.

    :param said: the files' tables. :param in_files: the value that comes of them.
    """
    if is_set:
        return HERE
    return FILES if in_files != field.default or _names(said, field.path) else DEFAULT


def _names(said: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(said, Mapping) or part not in said:
            return False
        said = said[part]
    return True
