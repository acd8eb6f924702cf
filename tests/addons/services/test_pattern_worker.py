"""The first match of each line."""

from addons.services.pattern_worker import matches


def test_each_line_gives_its_first_match() -> None:
    assert matches("a+", ["baab a", "c", "a"]) == [(0, 1, 3), (2, 0, 1)]
