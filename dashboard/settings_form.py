"""Which settings can be changed on the page, made from the schema: a new field there is a new row here."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

import msgspec
from msgspec import inspect

from addons.domain.settings import Policy, Settings, overlay
from addons.domain.settings.accepts import accepts, inner
from addons.domain.settings.alerts import SECRETS
from addons.domain.settings.documents import quoted
from addons.domain.settings.words import help_of, title
from dashboard.i18n import _

Control = Literal["choice", "switch", "number", "list", "text"]

KEY_LIMIT = 100
"""Characters of a path: the width of its column."""
NOWHERE = "settings"
"""Stands for a document; never shown."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. `title`, `help` and `accepts` are words of the schema, ours, translated where they are drawn."""

    section: str
    name: str
    title: str
    help: str
    accepts: str
    control: Control
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    help: str
    fields: tuple[Field, ...]


@cache
def sections() -> tuple[Section, ...]:
    """The tables of providers.toml that hold plain values; not the providers, whose facts are no matter of taste."""
    return tuple(
        Section(table.encode_name, title(table.encode_name), help_of(table), _fields(table.encode_name, described))
        for table in _described(Settings).fields
        if isinstance(described := inner(table.type), inspect.StructType)
    )


def policies() -> tuple[str, ...]:
    """Of masking, for a project or a provider; the usual one first."""
    return get_args(Policy)


def policy_key(table: str, name: str) -> str:
    """The path of the policy of one project or provider: `table` is `projects` or `providers`."""
    return f"masking.{table}.{quoted(name)}"


def refusal(key: str, value: object) -> str:
    """Why the value cannot be used, as for providers.toml; "" where it can."""
    if len(key) > KEY_LIMIT:
        return _("The name is too long to be stored.")
    _settings, errors = overlay([(NOWHERE, {"providers": {}})], {key: value})
    return errors.get(key, "").removeprefix("dashboard: ")


def typed(field: Field, text: str) -> object:
    """What was typed, as JSON has it, where it is not to be a text; None for nothing: what the files say."""
    if field.control == "text":
        return text
    if not text.strip():
        return None
    try:
        found: object = msgspec.json.decode(text.strip())
    except msgspec.DecodeError:
        return text
    return found


def written(value: object) -> str:
    """As `typed` reads it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def value_of(settings: Settings, field: Field) -> Any:
    return getattr(getattr(settings, field.section), field.name)


def _fields(section: str, table: inspect.StructType) -> tuple[Field, ...]:
    return tuple(
        Field(
            section=section,
            name=field.encode_name,
            title=title(field.encode_name),
            help=help_of(field),
            accepts=accepts(field.type),
            control=_control(inner(field.type)),
            choices=_choices(inner(field.type)),
        )
        for field in table.fields
        if not isinstance(inner(field.type), inspect.DictType | inspect.StructType)
        and (section, field.encode_name) not in SECRETS
    )


def _control(kind: inspect.Type) -> Control:
    match kind:
        case inspect.LiteralType():
            return "choice"
        case inspect.BoolType():
            return "switch"
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.VarTupleType():
            return "list"
        case _:
            return "text"


def _choices(kind: inspect.Type) -> tuple[str, ...]:
    return tuple(str(value) for value in kind.values) if isinstance(kind, inspect.LiteralType) else ()


def _described(kind: type[msgspec.Struct]) -> inspect.StructType:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return described
