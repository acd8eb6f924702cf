"""What a person reads about a setting, made from the schema: its title, its help, and what it accepts."""

from collections.abc import Iterator

from msgspec import Struct, inspect

from addons.domain.settings.accepts import accepts, inner


def title(name: str) -> str:
    """Of a field or a table: `idle_gap_s` is "Idle gap (seconds)"."""
    words, unit = (name[:-2], " (seconds)") if name.endswith("_s") else (name, "")
    return words.replace("_", " ").capitalize() + unit


def help_of(field: inspect.Field) -> str:
    schema = field.type.extra_json_schema if isinstance(field.type, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def texts(kind: type[Struct]) -> Iterator[str]:
    """All of them, of the tables in `kind` too, down to the plain values; some more than once."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    for field in described.fields:
        yield from filter(None, (title(field.encode_name), help_of(field)))
        bare = inner(field.type)
        held = inner(bare.value_type) if isinstance(bare, inspect.DictType) else bare
        if isinstance(held, inspect.StructType):
            yield from texts(held.cls)
        else:
            yield from filter(None, {accepts(field.type), accepts(held)})
