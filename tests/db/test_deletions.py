"""What one proxy deletes, another notices."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from db import hiding, merging, writing
from db.deletions import Change, Deletions
from tests.db.stores import NOW_MS, MakeState

Look = Callable[[], Change]
NOTHING = Change((), [])


@pytest.fixture
def look(engine: Engine, make_state: MakeState) -> Look:
    """Another proxy's, over a store with three sessions; it has looked once."""
    with engine.begin() as tx:
        writing.write(tx, [make_state(id=id_) for id_ in ("s1", "s2", "s3")], "p-1")
    deletions = Deletions()

    def again() -> Change:
        with engine.begin() as tx:
            return deletions.look(tx)

    assert again() == Change((), ())
    return again


def test_each_deletion_is_told_once(engine: Engine, look: Look) -> None:
    assert look() == NOTHING
    hiding.delete_session(engine, "s2", NOW_MS)
    assert look() == Change(["s2"], [])
    assert look() == NOTHING


def test_a_restored_session_is_back_and_may_go_again(engine: Engine, look: Look) -> None:
    hiding.delete_session(engine, "s2", NOW_MS)
    look()
    hiding.restore_session(engine, "s2")
    assert look() == Change((), ["s2"])
    assert look() == NOTHING
    hiding.delete_session(engine, "s2", NOW_MS)
    assert look() == Change(["s2"], [])


def test_one_that_came_back_between_two_looks_was_never_gone(engine: Engine, look: Look) -> None:
    hiding.delete_session(engine, "s2", NOW_MS)
    hiding.restore_session(engine, "s2")
    assert look() == NOTHING


def test_a_merged_session_goes_only_with_the_one_that_it_is_a_part_of(engine: Engine, look: Look) -> None:
    merging.merge_sessions(engine, "s1", "s3", NOW_MS)
    assert look() == NOTHING
    hiding.delete_session(engine, "s1", NOW_MS)
    assert look() == Change(["s1", "s3"], [])
    hiding.restore_session(engine, "s1")
    assert look() == Change((), ["s1"])
