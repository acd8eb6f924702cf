import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.document import Hint, read
from addons.domain.masking.rules import json_data
from addons.domain.masking.selection import Body

ROWS = [{"id": n, "name": f"item-{n}", "state": "open", "price": 10.0 + n / 4} for n in range(60)]


def test_all_rows_of_a_uniform_array_stay_where_they_fit(shortened: Callable[..., Body]) -> None:
    body = shortened(json_data.read, json.dumps({"items": ROWS, "total": 60}, indent=2), 2000)
    assert body.complete
    assert "all with state=open; id|name|price" in body.text
    assert all(f"{row['id']}|{row['name']}|{row['price']}" in body.text for row in ROWS)
    assert len(body.text) < len(json.dumps(ROWS, indent=2)) / 3


def test_where_they_do_not_fit_the_odd_row_stays_and_the_rest_is_counted(shortened: Callable[..., Body]) -> None:
    rows = [dict(row) for row in ROWS]
    rows[33]["name"] = "quartz-line-vault"
    body = shortened(json_data.read, json.dumps(rows), 150)
    assert "quartz-line-vault" in body.text
    assert "entries left out]" in body.text
    assert not body.complete


@pytest.mark.parametrize(
    "text",
    ['{"a": 1.10, "b": 1e400, "c": 12345678901234567890123}', "[1, 2, NaN]"],
    ids=["numbers", "not a number"],
)
def test_numbers_stay_as_they_are_written(shortened: Callable[..., Body], text: str) -> None:
    shown = shortened(json_data.read, text, 500).text
    for number in ("1.10", "1e400", "12345678901234567890123") if "1.10" in text else ("NaN",):
        assert number in shown


def test_json_lines_are_a_table(shortened: Callable[..., Body]) -> None:
    body = shortened(json_data.read, "\n".join(json.dumps(row) for row in ROWS), 2000)
    assert body.text.startswith("[60 rows]")


def test_nested_values_are_shown_below_their_keys(shortened: Callable[..., Body]) -> None:
    value = {"server": {"port": 8443, "tls": {"ciphers": ["a" * 90, "b" * 90]}}, "notes": "long " * 100}
    body = shortened(json_data.read, json.dumps(value), 400)
    assert "port: 8443" in body.text
    assert "(500 characters)" in body.text


@pytest.mark.parametrize(
    "text", ["plain", "{broken", "[" * 100_000, "[]", "{}", '"text"', "12", "{'a': 1}", "[log] line\n[log] line"]
)
def test_anything_else_is_left_to_other_rules(applies: Callable[..., bool], text: str) -> None:
    assert not applies(json_data.read, text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=300),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
        max_leaves=30,
    ),
    st.integers(1, 300),
)
def test_any_json_can_be_shown_at_any_budget(value: object, budget: int) -> None:

    text = json.dumps({"value": value, "more": [value] * 3})
    shorten = json_data.read(read(text, Hint(), len(text) // 4))
    assert shorten is not None
    assert shorten(budget) == shorten(budget)
