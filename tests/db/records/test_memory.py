"""Memory segments in the store."""

from sqlalchemy import Engine

from addons.domain.memory import MemorySeen, Segment
from db.records import memory
from tests.db.stores import NOW_MS, Ask


def segment(key: bytes, **fields: object) -> Segment:
    usual = {"type": "mcp-memory", "server": "mem0", "part": 0, "start": 0, "end": 9, "tokens": 50, "key": key}
    return Segment(**usual | fields)  # type: ignore[arg-type]


def write(engine: Engine, *records: MemorySeen) -> None:
    with engine.begin() as tx:
        memory.write(tx, records, "p-1")


def seen(at_ms: int, *keys: bytes, session_id: str = "s-1") -> MemorySeen:
    return MemorySeen(session_id=session_id, at_ms=at_ms, segments=tuple(map(segment, keys)))


def test_a_segment_that_is_sent_fifty_times_is_one_row(engine: Engine, ask: Ask) -> None:
    for at in range(0, 50, 5):
        write(engine, *(seen(NOW_MS + at + each, b"a") for each in range(5)))
    (row,) = ask("SELECT * FROM memory_segments")
    assert (row["sent"], row["first_seen_ms"], row["last_seen_ms"]) == (50, NOW_MS, NOW_MS + 49)
    assert (row["type"], row["server"], row["tokens"]) == ("mcp-memory", "mem0", 50)


def test_each_session_has_its_own_and_none_is_needed_before(engine: Engine, ask: Ask) -> None:
    write(engine, seen(NOW_MS, b"a", b"b"), seen(NOW_MS, b"a", session_id="s-2"))
    rows = ask("SELECT session_id, key, sent FROM memory_segments ORDER BY session_id, key")
    assert [(row["session_id"], row["key"], row["sent"]) for row in rows] == [
        ("s-1", b"a", 1), ("s-1", b"b", 1), ("s-2", b"a", 1),
    ]  # fmt: skip


def test_an_earlier_request_written_late_does_not_turn_the_clock_back(engine: Engine, ask: Ask) -> None:
    write(engine, seen(NOW_MS + 9, b"a"))
    write(engine, seen(NOW_MS, b"a"))
    (row,) = ask("SELECT * FROM memory_segments")
    assert (row["last_seen_ms"], row["sent"]) == (NOW_MS + 9, 2)
