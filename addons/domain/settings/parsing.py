"""Tables -> Settings, with errors that name the place, the value and what is accepted.

msgspec checks each value. The tables are walked here, because its own error paths show `[...]` in the place of a
mapping's key, and the key is what the person looks for.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import inspect

from addons.domain.settings.accepts import accepts, inner
from addons.domain.settings.alerts import SECRETS
from addons.domain.settings.documents import Document, Documents, Path, Table, overlaid, quoted, shown
from addons.domain.settings.schema import Settings

StructT = TypeVar("StructT", bound=msgspec.Struct)

PROVIDER_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
"""A provider's key is the first part of a path at the gateway."""


def parse(documents: Sequence[Document]) -> Settings:
    """Settings of the documents, later ones merged over earlier ones.

    :raises SettingsError: naming the file, the table, the value and what is accepted.
    """
    source = Documents(documents)
    _share_models(source)
    settings = _struct(Settings, source.table, (), source)
    _check_keys(settings, source)
    _check_bases(settings, source)
    _check_patterns(settings, source)
    _check_routes(settings, source)
    return settings


def _struct(kind: type[StructT], table: Table, path: Path, source: Documents) -> StructT:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in table:
        if key not in fields:
            problem = f"{quoted(key)} is not a known key; nearest: {', '.join(_nearest(key, fields))}"
            raise source.error((*path, key), problem)
    for key, field in fields.items():
        if field.required and key not in table:
            missing = f"{key} is missing; expected {accepts(inspect.type_info(field.type))}"
            raise source.error((*path, key), missing)
    return kind(**{fields[key].name: _value(fields[key].type, table[key], (*path, key), source) for key in table})


def _value(annotation: Any, value: object, path: Path, source: Documents) -> Any:
    kind = inspect.type_info(annotation)
    bare = inner(kind)
    if isinstance(bare, inspect.StructType):
        return _struct(bare.cls, _table(value, path, source), path, source)
    if isinstance(bare, inspect.DictType):
        item, items = _item_type(annotation), _table(value, path, source)
        return MappingProxyType({key: _value(item, each, (*path, key), source) for key, each in items.items()})
    try:
        return msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        raise _refused(value, path, accepts(kind), source) from error


def _item_type(annotation: Any) -> Any:
    """Of `Mapping[str, X]`, with or without `Annotated`: X."""
    mapping = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    return get_args(mapping)[1]


def _table(value: object, path: Path, source: Documents) -> Table:
    if isinstance(value, dict):
        return value
    raise _refused(value, path, "a table", source)


def _refused(value: object, path: Path, expected: str, source: Documents) -> Exception:
    found = "not right" if path in SECRETS else shown(value)
    return source.error(path, f"{quoted(path[-1])} is {found}; expected {expected}")


def _nearest(key: str, known: Iterable[str]) -> list[str]:
    names = list(known)
    return difflib.get_close_matches(key[:100], names, n=3, cutoff=0.3) or sorted(names)


def _share_models(source: Documents) -> None:
    """Gives each provider with `models_from` the other's models, under its own; such providers go to the end, so that a
    mistake in a shared model is found where it stands."""
    providers = source.table.get("providers")
    if not isinstance(providers, dict):
        return
    shared: Table = {}
    for key, provider in list(providers.items()):
        giver = provider.get("models_from") if isinstance(provider, dict) else None
        if not isinstance(giver, str) or not giver:
            continue
        other = providers.get(giver)
        if not isinstance(other, dict) or giver == key or other.get("models_from"):
            expected = "the key of another provider, one with models of its own"
            raise _refused(giver, ("providers", key, "models_from"), expected, source)
        shared[key] = overlaid({"models": other.get("models", {})}, provider)
    rest = {key: provider for key, provider in providers.items() if key not in shared}
    source.table = source.table | {"providers": rest | shared}


def _check_keys(settings: Settings, source: Documents) -> None:
    for key in settings.providers:
        if not PROVIDER_KEY.fullmatch(key):
            expected = "expected lower-case letters, digits and hyphens"
            raise source.error(("providers", key), f"{quoted(key)} cannot be a provider's key; {expected}")


def _check_bases(settings: Settings, source: Documents) -> None:
    """Two providers with the same host and base path could not be told apart."""
    seen: dict[tuple[str, str], str] = {}
    for key, provider in settings.providers.items():
        for host in provider.hosts:
            if (first := seen.setdefault((host, provider.base_path), key)) != key:
                taken = f"{host}{provider.base_path} belongs to [providers.{first}]"
                raise source.error(("providers", key, "hosts"), f"{taken}; expected another host or base_path")


def _check_patterns(settings: Settings, source: Documents) -> None:
    for key, provider in settings.providers.items():
        pattern = provider.quirks.tool_id_pattern
        try:
            re.compile(pattern)
        except re.error as error:
            path = ("providers", key, "quirks", "tool_id_pattern")
            raise _refused(pattern, path, f"a regular expression ({error})", source) from error


def _check_routes(settings: Settings, source: Documents) -> None:
    """A provider that is not there would be noticed only when a session is full."""
    routing = settings.routing
    named: list[tuple[Path, str]] = [(("routing", "fallback"), target) for target in routing.fallback]
    named += [(("routing", "rules", name), target) for name, target in routing.rules.items()]
    for path, target in named:
        provider, _, model = target.partition("/")
        if provider not in settings.providers or not model:
            raise _refused(target, path, 'a known provider and its model, such as "gemini/gemini-2.5-flash"', source)
