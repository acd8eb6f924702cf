"""Words are found in originals, within bounds."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, update

from addons.domain.errors import UserError
from addons.domain.masking.placeholder import content_tag
from db.hiding import delete_session
from db.queries import original_search
from db.queries.original_search import search
from db.tables import originals
from db.writing import write
from tests.db.stores import NOW_MS, make_original

LOG = "".join(f"line {at}: {'Connection REFUSED' if at % 10 == 0 else 'ok'}\n" for at in range(1, 101))
LONG = "x" * 5_000 + " needle " + "y" * 5_000
VIEW = "".join(f"{at}\tdef f{at}(): ...\n" for at in range(120, 140))


@pytest.fixture(autouse=True)
def stored(engine: Engine) -> None:
    found = [
        make_original(LOG),
        make_original(LONG, at_ms=NOW_MS + 1, session_id="s-2"),
        make_original(VIEW, at_ms=NOW_MS + 2, path="src/Ledger.py", tool="read_file_range"),
    ]
    with engine.begin() as tx:
        write(tx, found, "p-1")


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("connection refused", [LOG]),
        ("REFUSED  line", [LOG]),
        ("needle", [LONG]),
        ("ledger f125", [VIEW]),
        ("ledger", [VIEW]),
        ("line needle", []),
        ("e", [VIEW, LONG, LOG]),
    ],
    ids=["any case", "all words", "one word", "path and text", "path", "not in one text", "the newest first"],
)
def test_originals_that_hold_all_words_are_found(engine: Engine, query: str, texts: Sequence[str]) -> None:
    found = search(engine, query, limit=10)
    assert [hit.original.tag for hit in found.hits] == [content_tag(each) for each in texts]
    assert (found.scanned, found.complete) == (3, True)


def test_the_best_lines_are_shown_and_the_others_counted(engine: Engine) -> None:
    (hit,) = search(engine, "line refused", limit=10).hits
    assert [line.number for line in hit.lines] == [10, 20, 30, 40, 50]
    assert hit.lines[0].excerpt == "line 10: Connection REFUSED"
    assert hit.lines_found == 100


def test_a_long_line_is_cut_around_the_word(engine: Engine) -> None:
    (hit,) = search(engine, "NEEDLE", limit=10).hits
    assert "needle" in hit.lines[0].excerpt
    assert len(hit.lines[0].excerpt) <= original_search.EXCERPT_CHARS + 2


def test_lines_have_the_numbers_of_a_numbered_view(engine: Engine) -> None:
    (hit,) = search(engine, "f125", limit=10).hits
    assert [line.number for line in hit.lines] == [125]


def test_a_search_can_be_of_one_session_and_leaves_out_deleted_ones(engine: Engine) -> None:
    assert len(search(engine, "e", limit=10, session_id="s-2").hits) == 1
    delete_session(engine, "s-2", NOW_MS)
    assert len(search(engine, "e", limit=10).hits) == 2
    assert search(engine, "e", limit=10, session_id="s-2").hits == ()


@pytest.mark.parametrize("bound", ["MOST_ORIGINALS", "MOST_BYTES"])
def test_a_bound_ends_the_search_and_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(original_search, bound, 1)
    found = search(engine, "e", limit=10)
    assert (len(found.hits), found.scanned, found.complete) == (1, 1, False)


def test_one_that_is_damaged_hides_none_of_the_others(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with engine.begin() as tx:
        tx.execute(update(originals).where(originals.c.tag == content_tag(LONG)).values(packed=b"\0"))
    assert len(search(engine, "e", limit=10).hits) == 2
    assert f"original {content_tag(LONG)}: 1 bytes that are no packed text" in caplog.text


def test_the_limit_ends_the_search_and_is_told(engine: Engine) -> None:
    found = search(engine, "e", limit=2)
    assert (len(found.hits), found.complete) == (2, False)


@pytest.mark.parametrize(
    "query", ["", "  \n", "word " * 5 + " ".join(map(str, range(21)))], ids=["empty", "blank", "long"]
)
def test_a_query_without_words_or_with_too_many_is_told(engine: Engine, query: str) -> None:
    with pytest.raises(UserError, match="words; expected 1 to 20"):
        search(engine, query, limit=10)
