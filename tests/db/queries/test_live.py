import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, update

from db.models import Completion
from db.queries import live
from tests import filled


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.empty(url, time.time_ns() // 1_000_000)
    made.session(0, requests=30, age_ms=0)
    made.session(1, requests=5, age_ms=0)
    yield made
    made.engine.dispose()


def test_a_tail_is_the_end_of_one_session_oldest_first(tx: Connection) -> None:
    tail = live.tail(tx, "s-0000", limit=10)
    assert (len(tail.rows), tail.total, tail.rev) == (10, 30, 35)
    assert [row.id for row in tail.rows] == list(range(21, 31))
    assert {row.session_id for row in tail.rows} == {"s-0000"}


def test_a_composition_is_read_as_numbers(tx: Connection) -> None:
    assert live.tail(tx, "s-0000", limit=1).rows[0].composition["system"] == 5_200


def test_a_session_that_does_not_exist_has_no_end(tx: Connection) -> None:
    tail = live.tail(tx, "nobody", limit=10)
    assert (tail.rows, tail.total) == ([], 0)


def test_nothing_is_read_again_that_has_not_changed(tx: Connection) -> None:
    assert live.changed_since(tx, live.tail(tx, "s-0000", limit=1).rev, limit=10) == []


def test_new_and_corrected_rows_are_changes(tx: Connection, filler: filled.Filler) -> None:
    rev = live.tail(tx, "s-0000", limit=1).rev
    filler.request("s-0000")
    with filler.engine.begin() as write:
        write.execute(update(Completion).where(Completion.id == 3).values(prompt_tokens=9, rev=rev + 2))
    assert [(row.id, row.rev) for row in live.changed_since(tx, rev, limit=10)] == [(36, rev + 1), (3, rev + 2)]
    assert [row.id for row in live.changed_since(tx, rev, limit=1)] == [36]


@pytest.mark.sqlite
@pytest.mark.parametrize("rev_first", [True, False], ids=["changes", "tail"])
def test_both_questions_use_an_index(tx: Connection, rev_first: bool) -> None:
    """A scan of a million rows each second would be seen."""
    where = "rev > 5 ORDER BY rev" if rev_first else "session_id = 's-0000' ORDER BY id DESC"
    plan = " ".join(
        row.detail for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT * FROM completions WHERE {where}")
    )
    assert ("ix_completions_rev" if rev_first else "ix_completions_session") in plan
    assert "TEMP B-TREE" not in plan
