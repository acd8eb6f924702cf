"""What was masked, as the store has it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from db import writing
from db.queries.masked import MaskedFilter, count, kinds, masked_by, page, uses_of
from tests import filled
from tests.db.plans import plan_of
from tests.db.stores import make_decision, make_original

NOW_MS = 1_790_000_000_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    """Two sessions, six originals each."""
    made = filled.empty(url, NOW_MS)
    for number in (0, 1):
        made.session(number, requests=3, age_ms=0)
        made.masked(f"s-{number:04d}")
    yield made
    made.engine.dispose()


def test_each_original_comes_with_its_place_and_its_reason(tx: Connection) -> None:
    rows = page(tx, MaskedFilter(session_id="s-0000"), 50)
    assert [row.tokens for row in rows] == [2_405, 2_404, 2_403, 2_402, 2_401, 2_400]
    source = rows[4]
    assert (source.kind, source.tool, source.path) == ("source file", "read_file", "src/orders/paging.py")
    (use,) = source.uses
    assert (use.reason, use.tokens_before, use.tokens_after) == ("break-even", 2_401, 160)
    assert use.digest.startswith(f"[digest {source.tag} of a source file")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (MaskedFilter(), 12),
        (MaskedFilter(provider="mistral"), 6),
        (MaskedFilter(kind="log"), 4),
        (MaskedFilter(since_ms=NOW_MS - 2 * filled.MINUTE_MS), 4),
        (MaskedFilter(session_id="s-none"), 0),
    ],
    ids=["all", "provider", "kind", "time", "no such session"],
)
def test_filters(tx: Connection, wanted: MaskedFilter, found: int) -> None:
    assert count(tx, wanted) == len(page(tx, wanted, 50)) == found


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("wanted", "index"),
    [(MaskedFilter(since_ms=1), "ix_originals_created"), (MaskedFilter(kind="log"), "ix_originals_kind")],
    ids=["time", "kind"],
)
def test_originals_are_counted_without_their_texts(tx: Connection, wanted: MaskedFilter, index: str) -> None:
    plan = plan_of(tx, lambda tx: count(tx, wanted))
    assert any(step.startswith(f"SEARCH originals USING COVERING INDEX {index}") for step in plan), plan
    assert not any(
        "originals" in step for step in plan_of(tx, lambda tx: count(tx, MaskedFilter())) if "SEARCH" in step
    )


def test_pages_follow_each_other(tx: Connection) -> None:
    tags = [row.tag for at in (0, 5, 10) for row in page(tx, MaskedFilter(), 5, at)]
    assert tags == [row.tag for row in page(tx, MaskedFilter(), 50)]


def test_a_deleted_sessions_originals_are_not_shown(filler: filled.Filler, tx: Connection) -> None:
    tag = page(tx, MaskedFilter(session_id="s-0000"), 1)[0].tag
    filler.change("s-0000", deleted_at_ms=NOW_MS)
    assert count(tx, MaskedFilter()) == 6
    assert uses_of(tx, tag) == []


def test_one_text_masked_twice_has_two_uses_in_one_row(filler: filled.Filler, tx: Connection) -> None:
    first = make_decision(session_id="s-0000", decided_at_ms=NOW_MS + 1, reason="cold")
    digests = tuple(replace(first.replacements[0], tag="k1:" + "7" * 24, text=text) for text in ("[one]", "[two]"))
    with filler.engine.begin() as writable:
        original = make_original("again", session_id="s-0000", tag="k1:" + "7" * 24, at_ms=NOW_MS + 1)
        writing.write(writable, [original, replace(first, replacements=digests)], "p-1")
    newest = page(tx, MaskedFilter(session_id="s-0000"), 1)[0]
    assert [use.digest for use in newest.uses] == ["[one]", "[two]"]
    assert [name for name, _use in uses_of(tx, newest.tag)] == [filled.NAMES[0]] * 2


def test_an_original_without_a_decision_is_shown_without_a_reason(filler: filled.Filler, tx: Connection) -> None:
    with filler.engine.begin() as writable:
        writing.write(writable, [make_original("alone", session_id="s-0000", at_ms=NOW_MS + 1)], "p-1")
    assert page(tx, MaskedFilter(), 1)[0].uses == ()


def test_what_was_masked_by_then_is_what_was_decided_before(tx: Connection) -> None:
    found = masked_by(tx, "s-0000", NOW_MS - 4 * filled.MINUTE_MS)
    assert [(use.reason, kind, path) for use, kind, _tool, path in found] == [
        ("arrival", "log", ""),
        ("break-even", "source file", "src/orders/paging.py"),
        ("arrival", "list of search results", ""),
    ]
    assert kinds(tx) == ["JSON document", "list of search results", "log", "source file", "test run"]
