"""JSON Schema into Google's subset and back."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.convert.gemini.schemas import reduced, widened

ALLOWED = {
    *("type", "format", "title", "description", "nullable", "enum", "items", "maxItems", "minItems", "properties"),
    *("required", "minProperties", "maxProperties", "minimum", "maximum", "minLength", "maxLength", "pattern"),
    *("anyOf", "default", "example", "propertyOrdering"),
}
"""What Google's API takes of a Schema (facts of google-genai 2.34, without what only the newest models take)."""


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, {"type": "STRING"}),
        ({"type": ["string", "null"]}, {"type": "STRING", "nullable": True}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"type": "INTEGER", "nullable": True}),
        (
            {"oneOf": [{"type": "integer"}, {"type": "string"}]},
            {"anyOf": [{"type": "INTEGER"}, {"type": "STRING"}]},
        ),
        ({"type": ["integer", "string"]}, {"anyOf": [{"type": "INTEGER"}, {"type": "STRING"}]}),
        ({"const": "a"}, {"type": "STRING", "enum": ["a"]}),
        ({"enum": ["a", "", "b"]}, {"type": "STRING", "enum": ["a", "b"]}),
        ({"enum": ["a", None]}, {"type": "STRING", "enum": ["a"], "nullable": True}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "INTEGER"}),
        ({"type": "array"}, {"type": "ARRAY", "items": {"type": "STRING"}}),
        ({"type": "array", "items": {}}, {"type": "ARRAY", "items": {"type": "STRING"}}),
        ({"type": "object", "properties": {}}, {"type": "OBJECT"}),
        (
            {"$schema": "x", "type": "object", "additionalProperties": False, "strict": True, "properties": {"a": {}}},
            {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}},
        ),
        (
            {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a", "b"]},
            {"type": "OBJECT", "properties": {"a": {"type": "NUMBER"}}, "required": ["a"]},
        ),
        (
            {"type": "number", "exclusiveMinimum": 0, "maximum": 9, "format": "uuid"},
            {"type": "NUMBER", "maximum": 9},
        ),
        (
            {"allOf": [{"properties": {"a": {"type": "string"}}}], "type": "object", "properties": {"b": {}}},
            {"type": "OBJECT", "properties": {"a": {"type": "STRING"}, "b": {"type": "STRING"}}},
        ),
        (
            {"$defs": {"X": {"type": "string"}}, "type": "array", "items": {"$ref": "#/$defs/X", "title": "T"}},
            {"type": "ARRAY", "items": {"type": "STRING", "title": "T"}},
        ),
        (
            {"$defs": {"X": {"type": "object", "properties": {"next": {"$ref": "#/$defs/X"}}}}, "$ref": "#/$defs/X"},
            {"type": "OBJECT", "properties": {"next": {"type": "OBJECT"}}},
        ),
        ({"$ref": "#/$defs/nowhere"}, {"type": "STRING"}),
        ({"$ref": "https://example.com/x"}, {"type": "STRING"}),
    ],
    ids=str,
)
def test_a_schema_is_reduced(schema: Any, expected: Any) -> None:
    assert reduced(schema) == expected


def test_references_that_double_at_every_step_come_to_an_end() -> None:
    both = [{key: {"$ref": f"#/$defs/d{n + 1}"} for key in "ab"} for n in range(30)]
    defs = {f"d{n}": {"type": "object", "properties": properties} for n, properties in enumerate(both)}
    assert reduced({"$defs": defs, "$ref": "#/$defs/d0"})["type"] == "OBJECT"


NAMES = st.sampled_from(["a", "b", "x.y"])
KEYS = st.sampled_from(
    ["type", "properties", "items", "anyOf", "oneOf", "allOf", "$ref", "enum", "const", "required", "format", "not"]
)
JUNK = st.none() | st.booleans() | st.integers() | st.sampled_from(["string", "object", "null", "#/$defs/a", "#"])
SCHEMAS = st.recursive(
    JUNK,
    lambda inner: st.dictionaries(KEYS | NAMES, inner | st.lists(inner, max_size=3), max_size=4),
    max_leaves=12,
)


def keys_of(schema: Any) -> set[str]:
    """The keys of a schema and of those in it; names of properties are not keys."""
    found = set(schema)
    for child in (*schema.get("properties", {}).values(), *schema.get("anyOf", ())):
        found |= keys_of(child)
    return found | (keys_of(schema["items"]) if "items" in schema else set())


@settings(deadline=None)
@given(SCHEMAS, SCHEMAS)
def test_no_key_but_the_allowed_ones_is_ever_written(schema: Any, defs: Any) -> None:
    new = reduced(schema | {"$defs": {"a": defs}} if isinstance(schema, dict) else schema)
    assert keys_of(new) <= ALLOWED
    types = pytest.importorskip("google.genai.types")
    types.Schema.model_validate(new)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "STRING", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "STRING", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"any_of": [{"type": "STRING"}], "nullable": True}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (
            {
                "type": "OBJECT",
                "properties": {"type": {"type": "ARRAY", "items": {"type": "INTEGER"}, "minItems": "1"}},
            },
            {"type": "object", "properties": {"type": {"type": "array", "items": {"type": "integer"}, "minItems": 1}}},
        ),
        (
            {"type": "OBJECT", "propertyOrdering": ["a"], "example": {}, "required": ["a"]},
            {"type": "object", "required": ["a"]},
        ),
    ],
    ids=str,
)
def test_googles_schema_becomes_json_schema(schema: Any, expected: Any) -> None:
    assert widened(schema) == expected
