import pytest

from addons.domain.settings.documents import DEPTH, Documents, overlaid, quoted, shown


@pytest.mark.parametrize(
    ("under", "over", "result"),
    [
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"x": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": {"x": 2}}, {"a": {"x": 2}}),
    ],
    ids=["value", "new key", "tables", "lists", "table by value", "value by table"],
)
def test_tables_are_merged_and_values_replaced(
    under: dict[str, object], over: dict[str, object], result: dict[str, object]
) -> None:
    assert overlaid(under, over) == result


def test_merging_changes_neither_table() -> None:
    under, over = {"a": {"x": 1}}, {"a": {"y": 2}}
    overlaid(under, over)
    assert (under, over) == ({"a": {"x": 1}}, {"a": {"y": 2}})


def test_tables_below_any_setting_are_replaced_not_merged() -> None:
    inside = ".".join(DEPTH * "a")
    documents = Documents([("one", f"{inside}.b = 1"), ("two", f"{inside}.c = 2")])
    table = documents.table
    for _ in range(DEPTH):
        table = table["a"]
    assert table == {"c": 2}


def test_an_error_names_the_file_that_set_the_value_last() -> None:
    documents = Documents([("one", "t.a = 1\nt.b = 1"), ("two", "t.b = 2")])
    assert str(documents.error(("t", "a"), "a is wrong")) == "one: [t] a is wrong"
    assert str(documents.error(("t", "b"), "b is wrong")) == "two: [t] b is wrong"
    assert str(documents.error(("t", "c"), "c is missing")) == "two: [t] c is missing"
    assert str(documents.error(("u",), "u is missing")) == "two: u is missing"


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("a-b_1", "a-b_1"),
        ("a.b", '"a.b"'),
        ("a b", '"a b"'),
        ("", '""'),
        ('"', '"\\""'),
        ("é", '"é"'),
        ("\u2028", '"\\u2028"'),
    ],
)
def test_a_key_is_written_as_toml_writes_it(key: str, written: str) -> None:
    assert quoted(key) == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", '"a\\nb"'),
        (51 * "x", f'"{50 * "x"}…"'),
        (True, "true"),
        (False, "false"),
        (1.5, "1.5"),
        (10**70, "a number of over 60 digits"),
        (["a", 1], '["a", 1]'),
        ([], "[]"),
        ([[1]], "a list"),
        (list(range(40)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …"),
        ({}, "a table"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_value_is_shown_on_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text
