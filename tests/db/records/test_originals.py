"""Originals are stored once, whoever needs them."""

from sqlalchemy import Engine

from addons.domain.masking.placeholder import content_tag
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeState, make_original

COUNTS = "SELECT (SELECT count(*) FROM originals) AS texts, (SELECT count(*) FROM session_originals) AS needs"


def test_an_original_can_come_before_its_session(engine: Engine, ask: Ask) -> None:
    with engine.begin() as tx:
        write(tx, [make_original("a\nb\n", path="a.log")], "p-1")
    (row,) = ask("SELECT tag, size_bytes, lines, tokens, kind, tool, path, created_at_ms FROM originals")
    assert row == {
        "tag": content_tag("a\nb\n"),
        "size_bytes": 4,
        "lines": 2,
        "tokens": 1_000,
        "kind": "log",
        "tool": "run_terminal_command",
        "path": "a.log",
        "created_at_ms": NOW_MS,
    }
    assert ask("SELECT id, created_at_ms, rev FROM sessions") == [{"id": "s-1", "created_at_ms": NOW_MS, "rev": 1}]


def test_the_same_text_is_stored_once_for_all_sessions(engine: Engine, ask: Ask) -> None:
    for _ in range(2):
        with engine.begin() as tx:
            records = [
                make_original("same"),
                make_original("same"),
                make_original("same", session_id="s-2", kind="text"),
            ]
            write(tx, records, "p-1")
    assert ask(COUNTS) == [{"texts": 1, "needs": 2}]


def test_the_session_keeps_what_it_has(engine: Engine, ask: Ask, make_state: MakeState) -> None:
    with engine.begin() as tx:
        write(tx, [make_original("text", at_ms=NOW_MS + 5), make_state()], "p-1")
    assert ask("SELECT name, created_at_ms FROM sessions") == [{"name": "Fix the parser", "created_at_ms": NOW_MS}]
