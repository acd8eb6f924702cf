"""A threshold is crossed once, and again only after it has been below."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.alerts import crossings
from addons.domain.alerts.crossings import Crossings

THRESHOLDS = (0.8, 0.9, 0.95)
CASES: dict[str, tuple[list[float], list[float | None]]] = {
    "never": ([0.1, 0.79], [None, None]),
    "once": ([0.81, 0.85, 0.8], [0.8, None, None]),
    "exactly at it": ([0.8], [0.8]),
    "one after another": ([0.81, 0.91, 0.96], [0.8, 0.9, 0.95]),
    "the highest of several": ([0.5, 0.92], [None, 0.9]),
    "armed again below": ([0.81, 0.79, 0.81], [0.8, None, 0.8]),
    "each its own": ([0.91, 0.85, 0.91], [0.9, None, 0.9]),
    "the last each time": ([0.95, 0.97, 0.99], [0.95, 0.95, 0.95]),
}


@pytest.mark.parametrize(("shares", "crossed"), CASES.values(), ids=CASES.keys())
def test_what_is_crossed(shares: list[float], crossed: list[float | None]) -> None:
    watched = Crossings()
    assert [watched.crossed("s", share, THRESHOLDS, each_time=0.95) for share in shares] == crossed


def test_each_name_has_its_own_share_and_what_was_before_is_loaded() -> None:
    watched = Crossings()
    watched.load({"known": 0.85})
    assert watched.crossed("known", 0.85, THRESHOLDS) is None
    assert watched.crossed("new", 0.85, THRESHOLDS) == 0.8


def test_without_thresholds_nothing_is_crossed() -> None:
    assert Crossings().crossed("s", 1.0, ()) is None


def test_what_moved_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossings, "REMEMBERED", 2)
    watched = Crossings()
    watched.load({"a": 0.85, "b": 0.85})
    assert [watched.crossed(name, 0.85, THRESHOLDS) for name in ("a", "c", "a", "b")] == [None, 0.8, None, 0.8]


@given(st.lists(st.floats(0, 1)))
def test_between_two_crossings_of_a_threshold_it_was_below(shares: list[float]) -> None:
    watched, armed = Crossings(), True
    for share in shares:
        crossed = watched.crossed("s", share, (0.5,))
        assert (crossed is not None) == (armed and share >= 0.5)
        armed = share < 0.5
