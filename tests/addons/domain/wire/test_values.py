from typing import Any

import msgspec
import pytest

from addons.domain.wire import WireError
from addons.domain.wire.values import (
    NOTHING,
    as_cost,
    as_count,
    as_dict,
    as_text,
    decode,
    has_value,
    text_of_raw,
    texts_of,
)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (0, 0),
        (7, 7),
        (7.0, 7),
        (7.5, None),
        (-1, None),
        (True, None),
        ("7", None),
        (None, None),
        (float("inf"), None),
        (10**30, None),
    ],
)
def test_a_count_is_a_whole_number_that_is_not_negative(value: Any, count: int | None) -> None:
    assert as_count(value) == count


@pytest.mark.parametrize(
    ("value", "cost"),
    [(0, 0.0), (0.95, 0.95), (-1, None), (True, None), ("1", None), (float("inf"), None), (10**400, None)],
)
def test_a_cost_is_an_amount(value: Any, cost: float | None) -> None:
    assert as_cost(value) == cost


@pytest.mark.parametrize(
    ("value", "texts"),
    [("a", ["a"]), (["a", "b"], ["a", "b"]), ([{"text": "a"}, {}, 1], ["a", "", ""]), (None, [""]), (5, [""])],
)
def test_texts_are_found_in_strings_and_lists(value: Any, texts: list[str]) -> None:
    assert texts_of(value) == texts


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b'"a\\n"', "a\n"), (b"", ""), (b"null", ""), (b'{"a": 1e2}', '{"a": 1e2}'), (NOTHING, ""), (b'"\\/"', "/")],
)
def test_a_raw_value_is_its_string_or_its_json(raw: bytes, text: str) -> None:
    assert text_of_raw(raw) == text


@pytest.mark.parametrize("raw", [b"", b"null", b"false", b'""', b"{}", NOTHING])
def test_a_field_that_says_nothing_has_no_value(raw: bytes) -> None:
    assert not has_value(raw)


def test_a_field_that_says_something_has_a_value() -> None:
    assert has_value(b"0")
    assert has_value(msgspec.Raw(b'{"a":1}'))


def test_another_type_is_empty() -> None:
    assert as_text(5) == ""
    assert as_dict([]) == {}


def test_a_refusal_names_what_was_read() -> None:
    with pytest.raises(WireError, match="request body, model: "):
        decode(msgspec.json.Decoder(int), b'"x"', "request body, model")
