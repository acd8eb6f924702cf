"""The settings as rows of the page, made from the schema: a new field there is a new row here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from msgspec import NODEFAULT, Struct, inspect

from addons.domain.settings import Provider, Settings
from addons.domain.settings.accepts import accepts, inner
from addons.domain.settings.alerts import SECRETS as SECRETS
from addons.domain.settings.documents import quoted
from addons.domain.settings.schema import Model
from addons.domain.settings.words import help_of
from addons.domain.settings.words import title as title
from dashboard.i18n import N_

Control = Literal["choice", "switch", "number", "list", "text", "table"]
Path = tuple[str, ...]

ANY = "*"
UNITS = {
    "_s": N_("seconds"),
    "_minutes": N_("minutes"),
    "_hours": N_("hours"),
    "_days": N_("days"),
    "_usd": N_("US dollars"),
    "_tokens": N_("tokens"),
}
"""By the end of a field's name, which has its unit."""
ONLY_IN_FILES: Mapping[Path, str] = {
    ("team", "user"): N_("It says whose proxy this is; what is set here is for all of them: change it in the file."),
    ("team", "allowed"): N_("Who may see this dashboard does not decide in it who else may: change it in the file."),
    ("pacing", "storage"): N_("The counters are opened when the proxy starts: change it in the file, then restart."),
    ("providers", ANY, "hosts"): N_("The certificate authority has to cover a host before its TLS can be opened: "
                                    "change it in the file, then run ./just up --new-ca."),
    ("alerts", "urls"): N_("They hold secrets, which are never stored here: write them into the file, or set "
                           "KIMI_ALERT_URLS."),
}  # fmt: skip
"""What cannot be changed while the proxy runs, or not from here, with the reason."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. `title`, `help`, `accepts` and `unit` are words of ours, translated where they are drawn."""

    path: Path
    help: str
    accepts: str
    control: Control
    default: Any
    """As JSON has it; None where there is none."""
    choices: tuple[str, ...] = ()
    """Of a choice; of a table whose values are a choice."""
    is_whole: bool = False
    """Of a number."""
    only_in_files: str = ""
    """Why; "" where it can be changed here."""

    @property
    def key(self) -> str:
        return key_of(self.path)

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def title(self) -> str:
        return title(self.name)

    @property
    def unit(self) -> str:
        found = next((unit for end, unit in UNITS.items() if self.name.endswith(end)), "")
        return found if self.control == "number" else ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table of providers.toml."""

    path: Path
    title: str
    help: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        return key_of(self.path)


def key_of(path: Path) -> str:
    """As TOML writes it."""
    return ".".join(map(quoted, path))


@cache
def sections() -> tuple[Section, ...]:
    """All but the providers'; a table in a table comes after it."""
    return tuple(section for section in _sections(Settings, (), "", "") if section.path)


@cache
def provider_sections(key: str) -> tuple[Section, ...]:
    """Of one provider, less its models."""
    return tuple(_sections(Provider, ("providers", key), N_("Provider"), N_("Who serves models.")))


@cache
def model_sections(key: str, model: str) -> tuple[Section, ...]:
    path = ("providers", key, "models", model)
    return tuple(_sections(Model, path, N_("Model"), N_("One model of that provider.")))


def _sections(kind: type[Struct], path: Path, name: str, about: str) -> Iterator[Section]:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    tables = [(field, inner(field.type)) for field in described.fields]
    fields = [_field(field, bare, (*path, field.encode_name)) for field, bare in tables if _is_plain(bare)]
    yield Section(path, name, about, tuple(fields))
    for field, bare in tables:
        if isinstance(bare, inspect.StructType):
            of_table = (*path, field.encode_name)
            yield from _sections(bare.cls, of_table, title(field.encode_name), help_of(field))


def _is_plain(bare: inspect.Type) -> bool:
    """Whether it is one row: a value, or a table of values by names that the person chooses."""
    if isinstance(bare, inspect.DictType):
        return not isinstance(inner(bare.value_type), inspect.StructType)
    return not isinstance(bare, inspect.StructType)


def _field(field: inspect.Field, bare: inspect.Type, path: Path) -> Field:
    item = inner(bare.value_type) if isinstance(bare, inspect.DictType) else bare
    pattern = tuple(ANY if at == 1 and path[0] == "providers" else part for at, part in enumerate(path))
    return Field(
        path=path,
        help=help_of(field),
        accepts=accepts(bare.value_type if isinstance(bare, inspect.DictType) else field.type),
        control=_control(bare),
        default=_default(field),
        choices=tuple(str(value) for value in item.values) if isinstance(item, inspect.LiteralType) else (),
        is_whole=isinstance(bare, inspect.IntType),
        only_in_files=ONLY_IN_FILES.get(pattern, ""),
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
        case inspect.DictType():
            return "table"
        case _:
            return "text"


def _default(field: inspect.Field) -> Any:
    if field.default is not NODEFAULT:
        return list(field.default) if isinstance(field.default, tuple) else field.default
    return {} if field.default_factory is not NODEFAULT else None
