"""The table of settings in README.md, made from the annotations in `domain.settings.schema`."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import NODEFAULT, Struct, inspect, json

from addons.cli.catalogue import Say, as_it_is
from addons.domain.settings import Settings
from addons.domain.settings.accepts import accepts, inner
from addons.domain.settings.words import help_of

KEYS = {"providers": "KEY", "models": '"MODEL"', "fallback": "KEY"}
"""What stands for the name of a table that the person chooses."""


HEAD = ("setting", "accepts", "default", "meaning")


class Row(NamedTuple):
    path: str
    """As in TOML, dotted."""
    accepts: str
    default: str
    """Empty: none."""
    help: str


def rows(kind: type[Struct] = Settings, prefix: str = "") -> Iterator[Row]:
    """Every setting that holds a value, in the order of the schema; a table is walked into and has no row itself."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    for field in described.fields:
        path = f"{prefix}{field.encode_name}"
        match inner(field.type):
            case inspect.StructType(cls=table):
                yield from rows(table, f"{path}.")
            case inspect.DictType(value_type=value):
                name = f"{path}.{KEYS.get(field.encode_name, 'NAME')}"
                if isinstance(entry := inner(value), inspect.StructType):
                    yield from rows(entry.cls, f"{name}.")
                else:
                    yield Row(name, accepts(value), "", help_of(field))
            case _:
                yield Row(path, accepts(field.type), default_of(field), help_of(field))


def default_of(field: inspect.Field) -> str:
    """As one writes it in TOML; empty where there is none."""
    if field.default is NODEFAULT or field.default is None or field.default == "":
        return ""
    return json.encode(field.default).decode()


def settings_table(say: Say = as_it_is) -> str:
    """In Markdown."""
    lines = ["| " + " | ".join(map(say, HEAD)) + " |", "|---|---|---|---|"]
    for row in rows():
        default = f"`{row.default}`" if row.default else ""
        lines.append(f"| `{row.path}` | {_cell(say(row.accepts))} | {default} | {_cell(say(row.help))} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """A bar would end the cell."""
    return text.replace("|", "\\|")
