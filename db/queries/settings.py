"""What the person has set at run time, and whether a proxy uses it."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import Setting


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, by its path in providers.toml."""

    key: str
    value: object
    """JSON types; None: given back to the files."""
    version: int
    updated_at_ms: int
    applied_at_ms: int | None
    """None until a proxy has noticed it, and where it could not use it."""
    applied_by: str | None
    """Which proxy has, by its id: of several the last; None where that is not known."""
    error: str
    """Why the proxy does not use it; "" where it does."""


def rows(tx: Connection) -> list[SettingRow]:
    """The one changed last at the end."""
    columns = [getattr(Setting, name) for name in SettingRow.__slots__]
    found = tx.execute(select(*columns).order_by(Setting.version))
    return [SettingRow(key, json.loads(value), *rest) for key, value, *rest in found]
