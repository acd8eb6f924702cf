"""Columns of any type, read."""

import json

import pytest

from db.legacy.values import as_json, at_ms, clean, count, fraction
from tests.db.legacy_files import SECRET

NINE_MS = 1_772_355_600_000
"""2026-03-01 09:00:00 UTC."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (12, 12),
        ("12", 12),
        (12.0, 12),
        (True, 1),
        (None, None),
        ("", None),
        ("many", None),
        (-1, None),
        (2**31, None),
        (float("inf"), None),
        ("nan", None),
        (b"12", None),
    ],
    ids=repr,
)
def test_a_count_is_a_whole_number_or_not_known(value: object, expected: int | None) -> None:
    assert count(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(50, 0.5), ("250.5", 2.505), (0, 0.0), (-1, None), (None, None)])
def test_percent_may_be_over_a_hundred(value: object, expected: float | None) -> None:
    assert fraction(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01 09:00:00",
        "2026-03-01T09:00:00",
        "2026-03-01 09:00:00.000000",
        "2026-03-01T09:00:00Z",
        "2026-03-01T10:00:00+01:00",
        " 2026-03-01 09:00 ",
        NINE_MS // 1000,
        NINE_MS / 1000,
        NINE_MS,
        str(NINE_MS // 1000),
    ],
    ids=repr,
)
def test_a_moment_is_read_in_every_spelling(value: object) -> None:
    assert at_ms(value) == NINE_MS


@pytest.mark.parametrize("value", [None, "", "yesterday", "1901-01-01", "9999-12-31", -5, b"x"], ids=repr)
def test_what_is_no_moment_is_not_known(value: object) -> None:
    assert at_ms(value) is None


def test_texts_lose_their_keys_and_what_a_database_refuses() -> None:
    assert clean(f"a {SECRET} \0b\ud800") == "a [key] b?"
    assert SECRET not in clean("x" * 400 + f" {SECRET}")


def test_a_row_is_kept_as_json_without_what_is_not_known() -> None:
    row = {"key": "nvidia", "text": f"é {SECRET}", "none": None, "blob": b"\xff", "number": 1.5, "inf": float("inf")}
    assert json.loads(as_json(row)) == {
        "key": "nvidia",
        "text": "é [key]",
        "blob": {"base64": "/w=="},
        "number": 1.5,
        "inf": "inf",
    }
