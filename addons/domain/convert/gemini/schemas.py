"""JSON Schema ⇄ the subset of OpenAPI that Gemini calls Schema.

Gemini takes a raw JSON Schema as well (`parametersJsonSchema`), which loses nothing and is used by default; the subset
is for models and gateways that do not. What the subset cannot say is left out, so a reduced schema accepts more than
the original, not less (the empty string in an enum apart).
"""

from typing import Any

from addons.domain.wire.values import as_dict, as_text

_AS_THEY_ARE = (
    "title",
    "description",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minProperties",
    "maxProperties",
    "default",
)
_TYPES = frozenset({"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"})
_FORMATS = frozenset({"enum", "date-time", "int32", "int64", "float", "double"})
_COUNTS = frozenset({"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"})
_DEPTH = 32
"""Deeper schemas are cut; Google refuses far shallower ones."""
_SCHEMAS = 5000
"""No more are written for one tool: references put in their place can make a small schema endless."""


def reduced(schema: Any) -> dict[str, Any]:
    """Of a JSON Schema: one of the subset's keys only, with references put in their place."""
    return _Reducer(schema).reduce(schema, ())


class _Reducer:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._written = 0

    def reduce(self, schema: Any, seen: tuple[str, ...]) -> dict[str, Any]:
        """:param seen: the references that led here; one that comes again is a cycle and ends in any object."""
        schema = as_dict(schema)
        self._written += 1
        while isinstance(reference := schema.get("$ref"), str):
            if reference in seen:
                return {"type": "OBJECT"}
            seen = (*seen, reference)
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = as_dict(self._target(reference)) | beside
        if len(seen) > _DEPTH or self._written > _SCHEMAS:
            return {"type": "OBJECT"}
        new: dict[str, Any] = {key: schema[key] for key in _AS_THEY_ARE if schema.get(key) is not None}
        if as_text(schema.get("format")) in _FORMATS:
            new["format"] = schema["format"]
        self._put_type(schema, new, seen)
        _put_enum(schema, new)
        return new

    def _target(self, reference: str) -> Any:
        """By its JSON pointer; nothing for one that leads out of the document."""
        found = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            found = as_dict(found).get(step.replace("~1", "/").replace("~0", "~"))
        return found if reference.startswith("#") else None

    def _put_type(self, schema: dict[str, Any], new: dict[str, Any], seen: tuple[str, ...]) -> None:
        names = _types(schema)
        known = [name for name in names if name in _TYPES and name != "NULL"]
        choices = [choice for key in ("anyOf", "oneOf") for choice in _list(schema.get(key))]
        if "NULL" in names or schema.get("nullable") is True or any(map(_is_null, choices)):
            new["nullable"] = True
        if len(known) == 1:
            new.update(self._of_type(known[0], schema, seen))
        real = [self._child(choice, seen) for choice in choices if not _is_null(choice)]
        for part in _list(schema.get("allOf")):
            _merge(new, self._child(part, seen))
        if len(real) == 1:
            _merge(new, real[0])
        elif real:
            new["anyOf"] = real
        elif len(known) > 1:
            new["anyOf"] = [self._of_type(name, schema, seen) for name in known]
        if "type" not in new and "anyOf" not in new:
            new["type"] = "STRING"

    def _child(self, schema: Any, seen: tuple[str, ...]) -> dict[str, Any]:
        # Counts depth as well: an entry that no reference is called.
        return self.reduce(schema, (*seen, f" {len(seen)}"))

    def _of_type(self, name: str, schema: dict[str, Any], seen: tuple[str, ...]) -> dict[str, Any]:
        new: dict[str, Any] = {"type": name}
        if name == "ARRAY":
            items = schema.get("items")
            # Without items an array is refused; a list of them is a tuple, which the subset does not know.
            new["items"] = self._child(items, seen) if isinstance(items, dict) and items else {"type": "STRING"}
        elif name == "OBJECT":
            properties = as_dict(schema.get("properties"))
            if properties:
                new["properties"] = {key: self._child(value, seen) for key, value in properties.items()}
            if required := [key for key in _list(schema.get("required")) if as_text(key) and key in properties]:
                new["required"] = required
        return new


def _put_enum(schema: dict[str, Any], new: dict[str, Any]) -> None:
    """Strings only, and none that is empty, which Google refuses; other constants are no part of the subset."""
    values = _list(schema.get("enum")) or ([schema["const"]] if "const" in schema else [])
    if None in values:
        new["nullable"] = True
    texts = [value for value in values if isinstance(value, str) and value]
    if texts and len(texts) == len([value for value in values if value not in (None, "")]):
        new |= {"type": "STRING", "enum": texts}


def _merge(new: dict[str, Any], other: dict[str, Any]) -> None:
    """What stands outside a choice or an `allOf` goes before what stands inside; properties are put together."""
    properties = other.get("properties", {}) | new.get("properties", {})
    required = [*new.get("required", ()), *other.get("required", ())]
    for key, value in other.items():
        new.setdefault(key, value)
    if properties:
        new["properties"] = properties
    if required:
        new["required"] = list(dict.fromkeys(required))


def _types(schema: dict[str, Any]) -> list[str]:
    """In capitals; guessed where the schema does not say."""
    types = schema.get("type")
    names = [name.upper() for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    if names:
        return names
    if "properties" in schema or "additionalProperties" in schema:
        return ["OBJECT"]
    return ["ARRAY"] if "items" in schema else []


def _is_null(schema: Any) -> bool:
    return as_dict(schema).get("type") == "null"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def widened(schema: Any) -> Any:
    """Of Gemini's Schema: the JSON Schema that says the same."""
    if isinstance(schema, list):
        return [widened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    new: dict[str, Any] = {}
    for key, value in as_dict(schema).items():
        name = _CAMEL.get(key, key)
        if name == "properties":
            new[name] = {field: widened(child) for field, child in as_dict(value).items()}
        elif name in ("items", "anyOf"):
            new[name] = widened(value)
        elif name == "type":
            new[name] = as_text(value).lower()
        elif name in _COUNTS and isinstance(value, str) and value.isdigit():
            new[name] = int(value)  # protobuf's JSON writes 64-bit numbers as strings
        elif name not in ("nullable", "propertyOrdering", "example"):
            new[name] = value
    return _or_null(new) if schema.get("nullable") is True else new


_CAMEL = {
    "any_of": "anyOf",
    "property_ordering": "propertyOrdering",
    "min_items": "minItems",
    "max_items": "maxItems",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_properties": "minProperties",
    "max_properties": "maxProperties",
}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    elif "anyOf" in schema:
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    return schema
