"""One completion, and those beside it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db.queries.turns import Header, Neighbours, headers_of, neighbours, newest, one
from tests import filled

NOW_MS = 1_790_000_000_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    """Ids 1 to 5 and 6 to 8."""
    made = filled.empty(url, NOW_MS)
    made.session(0, requests=5, age_ms=0)
    made.session(1, requests=3, age_ms=0)
    yield made
    made.engine.dispose()


def test_a_completion_comes_with_its_sessions_name(tx: Connection) -> None:
    found = one(tx, 2)
    assert found and (found.id, found.session_id, found.session_name) == (2, "s-0000", filled.NAMES[0])
    assert found.composition["system"] == 5_200


def test_one_outside_a_session_has_no_name(filler: filled.Filler, tx: Connection) -> None:
    filler.request(None, kind="autocomplete")
    found = one(tx, 9)
    assert found and (found.session_id, found.session_name, found.kind) == (None, "", "autocomplete")
    assert neighbours(tx, None, 9) == Neighbours(None, None)


@pytest.mark.parametrize(
    ("completion_id", "beside"),
    [(1, Neighbours(None, 2)), (3, Neighbours(2, 4)), (5, Neighbours(4, None)), (6, Neighbours(None, 7))],
    ids=["first", "between", "last", "first of the next session"],
)
def test_neighbours_are_of_the_same_session(tx: Connection, completion_id: int, beside: Neighbours) -> None:
    found = one(tx, completion_id)
    assert found and neighbours(tx, found.session_id, completion_id) == beside


def test_headers_are_read_the_requests_first(filler: filled.Filler, tx: Connection) -> None:
    filler.request(None, headers='{"response": {"server": "x"}, "request": {"accept": "*/*"}}')
    assert headers_of(tx, 9) == [Header("request", "accept", "*/*"), Header("response", "server", "x")]
    assert headers_of(tx, 1) == headers_of(tx, 99) == []


def test_a_deleted_sessions_completions_are_gone(filler: filled.Filler, tx: Connection) -> None:
    assert newest(tx) == 8
    filler.change("s-0001", deleted_at_ms=NOW_MS)
    assert (newest(tx), one(tx, 8), one(tx, 99)) == (5, None, None)
