"""A batch gets written, or what cannot be is left out."""

import logging
from collections.abc import Sequence

import pytest

from db.settling import LAST_PAUSE_S, Settling


class Store:
    """Takes everything but the records named bad, when it is not in trouble."""

    def __init__(self, bad: str = "", trouble: Sequence[Exception] = ()) -> None:
        self.bad = bad
        self.trouble = list(trouble)
        self.rows: list[object] = []
        self.pauses: list[float] = []
        self.patience = 1_000

    def commit(self, part: Sequence[object]) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        if any(record in self.bad for record in part):
            raise ValueError("cannot be stored")
        self.rows += part

    def pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return len(self.pauses) < self.patience


@pytest.mark.parametrize(
    ("records", "bad", "kept"),
    [
        ("abc", "", "abc"),
        ("abc", "b", "ac"),
        ("abcdefg", "ag", "bcdef"),
        ("a", "a", ""),
        ("ab", "ab", ""),
        ("", "", ""),
    ],
)
def test_bad_records_are_left_out_and_the_others_kept_in_order(records: str, bad: str, kept: str) -> None:
    store = Store(bad)
    lost = Settling(store.commit, store.pause).settle(list(records))
    assert ("".join(map(str, store.rows)), lost) == (kept, len(records) - len(kept))


def test_a_store_in_trouble_is_tried_again_with_growing_pauses() -> None:
    store = Store(trouble=[OSError("disk full")] * 9)
    assert Settling(store.commit, store.pause).settle(["a", "b"]) == 0
    assert store.rows == ["a", "b"]
    assert store.pauses == sorted(store.pauses)
    assert store.pauses[-1] == LAST_PAUSE_S


def test_trouble_while_a_bad_record_is_isolated_loses_nothing_else() -> None:
    store = Store(bad="b", trouble=[ValueError("bad"), OSError("disk full"), ValueError("bad"), OSError("disk full")])
    assert Settling(store.commit, store.pause).settle(list("abcd")) == 1
    assert store.rows == ["a", "c", "d"]


def test_giving_up_counts_all_that_is_left() -> None:
    store = Store(trouble=[OSError("disk full")] * 9)
    store.patience = 3
    assert Settling(store.commit, store.pause).settle(list("abc")) == 3


def test_each_kind_of_failure_is_logged_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    store = Store(trouble=[OSError("disk full"), OSError("disk full"), OSError("locked"), OSError("disk full")])
    settling = Settling(store.commit, store.pause)
    with caplog.at_level(logging.WARNING):
        settling.settle(["a"])
        store.trouble = [OSError("disk full")]
        settling.settle(["b"])
    lines = [record.message.rpartition(": ")[2] for record in caplog.records]
    again = "the store can be written again"
    assert lines == ["disk full", "locked", again, "disk full", again]


def test_why_a_store_could_not_be_written_and_for_how_long_is_told_once_it_works_again() -> None:
    store = Store(trouble=[OSError("disk full"), OSError("another")])
    seconds = iter([100.0, 107.5, 200.0])
    told: list[tuple[str, float]] = []
    settling = Settling(store.commit, store.pause, lambda *trouble: told.append(trouble), lambda: next(seconds))
    settling.settle(["a"])
    settling.settle(["b"])
    assert told == [("OSError: disk full", 7.5)]
