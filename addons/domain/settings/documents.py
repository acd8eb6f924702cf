"""TOML documents laid one over the other, remembering which file each value came from."""

import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from addons.domain.errors import UserError

Table = dict[str, Any]
Path = tuple[str, ...]
Document = tuple[str, str | Table]
"""A name for messages, and TOML text, or the tables it would give."""

DEPTH = 8
"""No setting lies deeper; tables below are not merged, and the schema refuses them with their place."""

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class SettingsError(UserError):
    """A settings file that cannot be used. Shown where the settings were asked for: at the terminal, in mitmdump's
    start-up error, in the dashboard; the settings in use stay in use."""


class Documents:
    """The merged tables. A later document's value replaces an earlier one's; tables are merged key by key."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """:raises SettingsError: if a document is not TOML."""
        self.table: Table = {}
        self._origins: dict[Path, str] = {(): documents[-1][0] if documents else "settings"}
        for name, content in documents:
            table = _decode(name, content) if isinstance(content, str) else content
            self._note(table, (), name)
            self.table = overlaid(self.table, table)

    def error(self, path: Path, text: str) -> SettingsError:
        """An error about the value at the path: its file, its table, the text. The key itself belongs to the text."""
        place = f"[{'.'.join(map(quoted, path[:-1]))}] " if len(path) > 1 else ""
        return SettingsError(f"{self._origin(path)}: {place}{text}")

    def _origin(self, path: Path) -> str:
        while path not in self._origins:
            path = path[:-1]
        return self._origins[path]

    def _note(self, table: Table, path: Path, name: str) -> None:
        for key, value in table.items():
            at = (*path, key)
            self._origins[at] = name
            if isinstance(value, dict) and len(at) < DEPTH:
                self._note(value, at, name)


def overlaid(under: Table, over: Table, depth: int = DEPTH) -> Table:
    """A new table: what is in `over`, and what only `under` has; tables in both are overlaid in turn."""
    new = dict(under)
    for key, value in over.items():
        beneath = under.get(key)
        if isinstance(value, dict) and isinstance(beneath, dict) and depth > 1:
            new[key] = overlaid(beneath, value, depth - 1)
        else:
            new[key] = value
    return new


def _decode(name: str, text: str) -> Table:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and int()'s own for a number of over 4300 digits
        raise SettingsError(f"{name}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{name}: not valid TOML: nested too deeply") from error


def quoted(key: str) -> str:
    """A key as TOML writes it."""
    return key if BARE_KEY.fullmatch(key) else _quotes(key)


def shown(value: object) -> str:
    """A value for an error message, at most 60 characters."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quotes(value if len(value) <= 50 else f"{value[:50]}…")
    if isinstance(value, list):
        return "a list" if any(isinstance(item, (list, dict)) for item in value) else _shown_list(value)
    if isinstance(value, int) and value.bit_length() > 200:  # str() refuses numbers of over 4300 digits
        return "a number of over 60 digits"
    return _short(str(value))


def _quotes(text: str) -> str:
    """In quotes, on one line whatever is in it."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in written)


def _shown_list(items: list[Any]) -> str:
    return _short(f"[{', '.join(shown(item) for item in items)}]")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
