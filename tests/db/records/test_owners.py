"""A row for each session that is referred to."""

from sqlalchemy import Engine

from db.records import owners
from tests.db.stores import NOW_MS, Ask


def test_only_what_is_missing_is_made(engine: Engine, ask: Ask) -> None:
    for seen in ([("s-1", NOW_MS)], [("s-1", NOW_MS + 1), ("s-2", NOW_MS + 2), ("s-2", NOW_MS + 3)]):
        with engine.begin() as tx:
            owners.ensure(tx, seen)
    assert ask("SELECT id, created_at_ms, last_seen_ms FROM sessions ORDER BY id") == [
        {"id": "s-1", "created_at_ms": NOW_MS, "last_seen_ms": NOW_MS},
        {"id": "s-2", "created_at_ms": NOW_MS + 2, "last_seen_ms": NOW_MS + 2},
    ]
