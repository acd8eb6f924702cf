"""Reads the settings from their files."""

from collections.abc import Mapping
from pathlib import Path

from addons.domain import places
from addons.domain.settings import Document, Settings, SettingsError, parse


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of `documents`.

    :raises SettingsError: if the first does not exist, or one of them cannot be read or used.
    """
    return parse(documents(environ))


def documents(environ: Mapping[str, str]) -> list[Document]:
    """The project's providers.toml (or the one KIMI_PROVIDERS names), and the person's own over it, if there is one.

    :raises SettingsError: if the first does not exist, or one of them cannot be read.
    """
    first, own = places.provider_files(environ)
    if not first.is_file():
        raise SettingsError(_missing(first, bool(environ.get("KIMI_PROVIDERS"))))
    files = (first, own) if own.is_file() else (first,)
    return [(_name(path), _read(path)) for path in files]


def _missing(path: Path, named: bool) -> str:
    if named:
        return f"KIMI_PROVIDERS is {str(path)!r}, and there is no such file; expected the path of a providers.toml"
    return f"{path} is missing; expected it beside the addons folder, as in the repository"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{_name(path)}: byte {error.start} is not UTF-8; expected a text file in UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{_name(path)}: cannot be read: {error.strerror}") from error


def _name(path: Path) -> str:
    """As the person knows it: the project's own file by its name, another by its path."""
    return path.name if path.parent == places.ROOT else str(path)
