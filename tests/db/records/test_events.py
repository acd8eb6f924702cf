"""Events."""

from sqlalchemy import Engine

from addons.domain.events import Event, Level
from db.records import events
from tests.db.stores import NOW_MS, Ask


def test_events_are_stored_with_their_data(engine: Engine, ask: Ask) -> None:
    event = Event(
        at_ms=NOW_MS, kind="alert", level=Level.CRITICAL, session_id="s-1", message="m" * 900, data={"fill": 0.95}
    )
    with engine.begin() as tx:
        events.write(tx, [event, Event(at_ms=NOW_MS, kind="epoch")], "p-1")
    assert ask("SELECT at_ms, kind, level, session_id, length(message) AS length, data, rev FROM events") == [
        {
            "at_ms": NOW_MS,
            "kind": "alert",
            "level": "critical",
            "session_id": "s-1",
            "length": 500,
            "data": '{"fill": 0.95}',
            "rev": 1,
        },
        {"at_ms": NOW_MS, "kind": "epoch", "level": "info", "session_id": None, "length": 0, "data": "{}", "rev": 2},
    ]
