import pytest

from addons.domain.masking.columns import number, read_table


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("18768", 18768.0), ("1,024", 1024.0), ("4.2K", 4200.0), ("93%", 93.0), ("15ms", 15.0), ("abc", None), ("", None)],
)
def test_number(cell: str, expected: float | None) -> None:
    assert number(cell) == expected


def test_columns_that_are_the_same_everywhere_are_found_and_exceptions_kept() -> None:
    rows = [f"-rw-r--r-- 1 root root {100 + n * 13} Nov 22 file{n}.txt" for n in range(40)]
    rows[9] = "-rwxr-xr-x 1 root root 217 Nov 22 run.sh"
    table = read_table(rows)
    assert table is not None
    assert table.constants() == "-rw-r--r-- 1 root root Nov 22"
    assert [row for row in range(40) if table.odd(row)] == [9]
    score = table.scores()
    assert max(range(40), key=lambda row: score[row]) == 9


def test_the_largest_value_of_a_column_scores_above_the_middle() -> None:
    table = read_table([f"service-{n} {(n * 37) % 101} up" for n in range(60)])
    assert table is not None
    score = table.scores()
    largest = max(range(60), key=lambda row: int(table.rows[row][1]))
    assert score[largest] > 2 * sorted(score)[30]


@pytest.mark.parametrize(
    "lines",
    [
        ["This is a sentence about things.", "And another one, rather longer than that, follows it."] * 8,
        ["def f(a):", "    return a + 1", "", "class B:", "    x = 3"] * 5,
        ["one", "two"],
    ],
    ids=["prose", "code", "short"],
)
def test_other_texts_are_no_tables(lines: list[str]) -> None:
    assert read_table(lines) is None
