"""What masked originals come to: the same as the rows of their table, or nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db import writing
from db.queries import masked_sums
from db.queries.masked import MaskedFilter, page
from db.queries.masked_sums import Digested, sums
from tests import filled
from tests.db.stores import make_original

NOW_MS = 1_790_000_000_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    """Three sessions with six originals each; one of them is deleted."""
    made = filled.empty(url, NOW_MS)
    for number in (0, 1, 2):
        made.session(number, requests=3, age_ms=0)
        made.masked(f"s-{number:04d}")
    made.change("s-0002", deleted_at_ms=NOW_MS)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "originals", "sessions"),
    [
        (MaskedFilter(), 12, 2),
        (MaskedFilter(provider="mistral"), 6, 1),
        (MaskedFilter(kind="log"), 4, 2),
        (MaskedFilter(since_ms=NOW_MS - 2 * filled.MINUTE_MS), 4, 2),
        (MaskedFilter(session_id="s-0001", kind="log"), 2, 1),
        (MaskedFilter(session_id="s-none"), 0, 0),
    ],
    ids=["all", "provider", "kind", "time", "kind in a session", "no such session"],
)
def test_the_sums_are_those_of_the_rows(tx: Connection, wanted: MaskedFilter, originals: int, sessions: int) -> None:
    uses = [use for row in page(tx, wanted, 50) for use in row.uses]
    found = sums(tx, wanted)
    assert found.originals == originals
    assert found.digested == Digested(
        sessions=sessions,
        before_tokens=sum(use.tokens_before for use in uses),
        after_tokens=sum(use.tokens_after for use in uses),
    )


def test_an_original_without_a_decision_counts_without_tokens(filler: filled.Filler, tx: Connection) -> None:
    before = sums(tx, MaskedFilter())
    with filler.engine.begin() as writable:
        writing.write(writable, [make_original("alone", session_id="s-0000", at_ms=NOW_MS + 1)], "p-1")
    after = sums(tx, MaskedFilter())
    assert (after.originals, after.digested) == (before.originals + 1, before.digested)


@pytest.mark.parametrize("most", [11, 5], ids=["originals", "decisions of a few originals"])
def test_what_are_too_many_is_not_added_up(tx: Connection, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(masked_sums, "SUMMED", most)
    wanted = MaskedFilter() if most == 11 else MaskedFilter(session_id="s-0000", kind="log")
    assert sums(tx, wanted).digested is None
