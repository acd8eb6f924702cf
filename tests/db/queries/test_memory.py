"""Memory, as the store has it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from addons.domain.memory import MemorySeen, Segment
from db.queries.memory import MemoryFilter, history, over_time, segments, sources
from db.writing import write
from tests.db.plans import plan_of
from tests.db.stores import NOW_MS

HOUR_MS = 3_600_000


def completion(at_ms: int, memory: int | None, sent: int | None = 1_000, **fields: Any) -> Completion:
    usual: dict[str, Any] = {
        "session_id": "s-1",
        "session_name": "Fix it",
        "started_at_ms": at_ms,
        "provider": "acme",
        "model": "large",
        "kind": Kind.CHAT,
        "stream": True,
        "status": 200,
        "outcome": Outcome.OK,
        "prompt_tokens_before": sent,
        "prompt_tokens_sent": sent,
        "memory_tokens": memory,
        "memory_ratio": memory / sent if memory is not None and sent else None,
    }
    return Completion(**(usual | fields))


def seen(at_ms: int, *found: tuple[bytes, str, str, int], session_id: str = "s-1") -> MemorySeen:
    return MemorySeen(
        session_id=session_id,
        at_ms=at_ms,
        segments=tuple(Segment(type_, server, 0, 0, 9, tokens, key) for key, type_, server, tokens in found),
    )


NOTES, GRAPH = (b"n", "mcp-memory", "", 40), (b"g", "tool result", "memory", 900)


@pytest.fixture
def tx(engine: Engine) -> Iterator[Connection]:
    records = [
        completion(NOW_MS, 100),
        completion(NOW_MS + 1, 300),
        completion(NOW_MS + 2, 900, kind=Kind.TITLE, session_id="s-1"),
        completion(NOW_MS + HOUR_MS, 500, 2_000),
        completion(NOW_MS + HOUR_MS, None, None),
        completion(NOW_MS + HOUR_MS, 0, session_id="s-2", model="small", project="shop"),
        seen(NOW_MS, NOTES),
        seen(NOW_MS + 1, NOTES, GRAPH),
        seen(NOW_MS + HOUR_MS, NOTES, GRAPH),
        seen(NOW_MS + HOUR_MS, NOTES, session_id="s-2"),
    ]
    with engine.begin() as tx:
        write(tx, records, "p-1")
    with engine.connect() as tx:
        yield tx


def test_the_ratio_over_time_is_of_all_that_was_sent_in_chats(tx: Connection) -> None:
    first, second = over_time(tx, MemoryFilter(), HOUR_MS)
    assert (first.requests, first.memory_tokens, first.prompt_tokens, first.ratio) == (2, 400, 2_000, 0.2)
    assert (second.requests, second.ratio) == (2, 500 / 3_000)
    (later,) = over_time(tx, MemoryFilter(since_ms=NOW_MS + HOUR_MS, session_id="s-1"), HOUR_MS)
    assert later.ratio == 0.25


def test_the_history_of_a_session_tells_memory_from_chat(tx: Connection) -> None:
    points = history(tx, MemoryFilter(session_id="s-1"), 10)
    assert [(point.memory_tokens, point.chat_tokens, point.memory_ratio) for point in points] == [
        (100, 900, 0.1), (300, 700, 0.3), (500, 1_500, 0.25),
    ]  # fmt: skip
    assert history(tx, MemoryFilter(session_id="s-1"), 1) == points[-1:]


def test_servers_and_types_are_told_apart(tx: Connection) -> None:
    graph, notes = sources(tx, MemoryFilter())
    assert (graph.server, graph.type, graph.segments, graph.tokens, graph.sent_tokens) == (
        "memory", "tool result", 1, 900, 1_800,
    )  # fmt: skip
    assert (notes.server, notes.segments, notes.tokens, notes.sent_tokens) == ("", 2, 80, 160)
    assert [source.segments for source in sources(tx, MemoryFilter(session_id="s-2"))] == [1]


def test_segments_by_size_and_by_how_often_they_came_again(tx: Connection) -> None:
    largest = segments(tx, MemoryFilter(), "largest", 10)
    assert [(row.key, row.session_id) for row in largest] == [(b"g", "s-1"), (b"n", "s-1"), (b"n", "s-2")]
    again = segments(tx, MemoryFilter(since_ms=NOW_MS), "most resent", 2)
    assert [(row.key, row.resent, row.resent_tokens) for row in again] == [(b"n", 2, 80), (b"g", 1, 900)]
    assert again[0].first_seen_ms == NOW_MS


@pytest.mark.parametrize(
    ("wanted", "requests", "found"),
    [
        (MemoryFilter(model="large"), 3, {"s-1"}),
        (MemoryFilter(model="small"), 1, {"s-2"}),
        (MemoryFilter(project="shop"), 1, {"s-2"}),
        (MemoryFilter(provider="acme"), 4, {"s-1", "s-2"}),
        (MemoryFilter(provider="acme", model="large", project="shop"), 0, set()),
    ],
    ids=["model", "another model", "project", "provider", "none such"],
)
def test_where_requests_went_is_a_filter(tx: Connection, wanted: MemoryFilter, requests: int, found: set[str]) -> None:
    assert sum(period.requests for period in over_time(tx, wanted, HOUR_MS)) == requests
    assert {row.session_id for row in segments(tx, wanted, "largest", 10)} == found
    assert sum(source.segments for source in sources(tx, wanted)) == len(segments(tx, wanted, "largest", 10))


def test_the_history_of_a_session_is_filtered_too(tx: Connection) -> None:
    assert history(tx, MemoryFilter(session_id="s-1", model="small"), 10) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("since_ms", [None, NOW_MS], ids=["all time", "since then"])
def test_what_each_server_sent_is_read_from_an_index_alone_in_its_order(tx: Connection, since_ms: int | None) -> None:
    plan = plan_of(tx, lambda tx: sources(tx, MemoryFilter(since_ms=since_ms)))
    assert "SCAN memory_segments USING COVERING INDEX ix_memory_segments_source" in plan


@pytest.mark.sqlite
def test_the_largest_segments_are_found_without_reading_the_others(tx: Connection) -> None:
    plan = plan_of(tx, lambda tx: segments(tx, MemoryFilter(), "largest", 10))
    assert "SCAN memory_segments USING INDEX ix_memory_segments_tokens" in plan
