import pytest

from addons.domain.convert.contract import ConvertError
from addons.domain.convert.fields import Fields, is_object, items_of, object_of


def test_a_key_is_found_in_camel_and_in_snake_case() -> None:
    assert Fields(b'{"fileData": 1}', "x").raw("fileData") == b"1"
    assert Fields(b'{"file_data": 1}', "x").raw("fileData") == b"1"


def test_values_keep_the_bytes_they_came_as() -> None:
    fields = Fields(b'{"a": 1.0, "b": {"x" : 10000000000000000000000}}', "x")
    assert fields.raw("a") == b"1.0"
    assert fields.raw("b") == b'{"x" : 10000000000000000000000}'


@pytest.mark.parametrize("data", [b"", b"[]", b"1", b'{"a"', b'"x"', b"[" * 10000])
def test_what_is_no_object_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(ConvertError, match="the place"):
        Fields(data, "the place")


def test_a_child_that_is_no_object_is_refused_with_its_place() -> None:
    with pytest.raises(ConvertError, match=r"request\.config"):
        Fields(b'{"config": 3}', "request").child("config")
    with pytest.raises(ConvertError, match=r"request\.tools"):
        Fields(b'{"tools": 3}', "request").items("tools")


def test_null_is_nothing() -> None:
    fields = Fields(b'{"a": null}', "x")
    assert not fields.has("a")
    assert fields.value("a") is None
    assert fields.items("a") == items_of(b"", "x") == []
    assert Fields(b'{"a": 5}', "x").text("a") == ""


@pytest.mark.parametrize(("data", "expected"), [(b"{}", True), (b'{"a":1}', True), (b"[]", False), (b"{", False)])
def test_an_object_is_told_from_everything_else(data: bytes, expected: bool) -> None:
    assert is_object(data) is expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('{"a": 1.0 }', b'{"a": 1.0 }'),
        ("", b"{}"),
        (" ", b"{}"),
        ("[1]", b'{"_raw":"[1]"}'),
        ('{"a"', b'{"_raw":"{\\"a\\""}'),
    ],
)
def test_arguments_become_an_object(arguments: str, expected: bytes) -> None:
    assert object_of(arguments) == expected
