from datetime import date
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct
from msgspec.inspect import type_info

from addons.domain.settings.accepts import HUGE, accepts


class Table(Struct):
    key: int


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (bool, "true or false"),
        (int, "a whole number"),
        (Annotated[int, Meta(ge=1)] | None, "a whole number ≥ 1"),
        (Annotated[int, Meta(ge=1, le=HUGE)], "a whole number ≥ 1"),
        (Annotated[float, Meta(ge=0, le=1)], "a number from 0 to 1"),
        (Annotated[float, Meta(gt=0, le=24)], "a number above 0 and at most 24"),
        (str, "a text"),
        (Annotated[str, Meta(min_length=1)], "a text that is not empty"),
        (Annotated[str, Meta(extra={"accepts": "a colour"})], "a colour"),
        (Annotated[Annotated[int, Meta(ge=1)] | None, Meta(description="Help.")], "a whole number ≥ 1"),
        (Literal["a", "b"], '"a" or "b"'),
        (date, "a date such as 2026-11-22"),
        (Table, "a table"),
        (dict[str, Table], "a table"),
    ],
    ids=str,
)
def test_a_type_is_said_in_words(kind: Any, words: str) -> None:
    assert accepts(type_info(kind)) == words
