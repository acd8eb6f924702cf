"""An original is found by its digest, as long as a session needs it."""

import pytest
from sqlalchemy import Engine, text

from addons.domain.errors import UserError
from addons.domain.masking.placeholder import content_tag
from db.hiding import delete_session
from db.queries.originals import of_session, original
from db.writing import write
from tests.db.stores import NOW_MS, make_original

TEXT = "Größe \0 \ud800\nline two\r\n"
TAG = content_tag(TEXT)


@pytest.fixture(autouse=True)
def stored(engine: Engine) -> None:
    with engine.begin() as tx:
        write(tx, [make_original(TEXT), make_original("other", session_id="s-2", at_ms=NOW_MS + 1)], "p-1")


@pytest.mark.parametrize(
    "digest",
    [TAG, TAG.removeprefix("k1:"), TAG[:9], TAG[3:9].upper(), f' "[{TAG}]" '],
    ids=["whole", "without k1", "beginning", "capitals", "as copied"],
)
def test_a_digest_is_taken_as_people_write_it(engine: Engine, digest: str) -> None:
    found = original(engine, digest)
    assert found and (found.tag, found.text, found.lines, found.kind) == (TAG, TEXT, 2, "log")


def test_an_unknown_digest_is_none(engine: Engine) -> None:
    assert original(engine, "k1:" + "0" * 24) is None


@pytest.mark.parametrize("digest", ["", "k1:", "abc", "k1:xyz0", "%", "k1:" + "0" * 25, "k2:0000"])
def test_what_is_no_digest_is_told(engine: Engine, digest: str) -> None:
    with pytest.raises(UserError, match="is not a digest; expected k1: and 24 hexadecimal digits"):
        original(engine, digest)


def test_an_ambiguous_beginning_names_the_candidates(engine: Engine) -> None:
    tags = [f"k1:{'ab' * 11}{at:02x}" for at in range(7)]
    with engine.begin() as tx:
        write(tx, [make_original("x", tag=tag) for tag in tags], "p-1")
    with pytest.raises(UserError, match=f"the beginning of several digests: {', '.join(tags[:5])}, …"):
        original(engine, "abab")


@pytest.mark.parametrize("packed", [b"nonsense", None], ids=["not packed", "another text"])
def test_a_damaged_original_is_told(engine: Engine, packed: bytes | None) -> None:
    with engine.begin() as tx:
        other = tx.execute(text("SELECT packed FROM originals WHERE tag <> :tag"), {"tag": TAG}).scalar()
        tx.execute(
            text("UPDATE originals SET packed = :packed WHERE tag = :tag"), {"packed": packed or other, "tag": TAG}
        )
    with pytest.raises(UserError, match=f"The original {TAG} is damaged"):
        original(engine, TAG)


def test_a_sessions_originals_are_told_the_newest_first(engine: Engine) -> None:
    with engine.begin() as tx:
        write(tx, [make_original("other"), make_original("third", at_ms=NOW_MS + 9)], "p-1")
    assert [found.tag for found in of_session(engine, "s-1")] == [
        content_tag(each) for each in ("third", "other", TEXT)
    ]


def test_what_only_a_deleted_session_needs_is_not_found(engine: Engine) -> None:
    delete_session(engine, "s-1", NOW_MS)
    assert original(engine, TAG) is None
    assert of_session(engine, "s-1") == []
    assert original(engine, content_tag("other")) is not None
