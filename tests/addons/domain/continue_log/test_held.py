"""Repetitions, and the time until an event may go."""

from typing import Any

import pytest

from addons.domain.continue_log import Held, LogEvent, LogKind
from addons.domain.continue_log.held import GRACE_MS, HOLD_MS, MOST

AT_MS = 1_783_844_170_000


def event(kind: LogKind = LogKind.ERROR, **fields: Any) -> LogEvent:
    usual: dict[str, Any] = {"log": "core.log", "at_ms": AT_MS, "message": "429 Slow down", "status": 429}
    return LogEvent(kind=kind, **(usual | fields))


def held(*events: LogEvent) -> list[LogEvent]:
    hold = Held()
    for each in events:
        hold.add(each, 0)
    return hold.all()


ERROR = event()
HANDLED = event(operation="llm/streamChat")
REQUEST = event(LogKind.REQUEST, message="", figures={"request_id": "req_1"})
USAGE = event(LogKind.USAGE, message="", status=None, prompt_tokens=10)

TOGETHER = {
    "an error is told twice": ([ERROR, HANDLED], [HANDLED]),
    "a second later": ([ERROR, event(at_ms=AT_MS + 1_000, operation="llm/streamChat")], [HANDLED]),
    "two seconds later it is another": ([ERROR, event(at_ms=AT_MS + 2_000)], [ERROR, event(at_ms=AT_MS + 2_000)]),
    "another error": ([ERROR, event(message="429 Other")], [ERROR, event(message="429 Other")]),
    "of another log": ([ERROR, event(log="cn.log")], [ERROR, event(log="cn.log")]),
    "the request's id joins its error": ([ERROR, REQUEST], [event(figures={"request_id": "req_1"})]),
    "also before it": ([REQUEST, HANDLED], [event(operation="llm/streamChat", figures={"request_id": "req_1"})]),
    "of another status it does not": ([event(status=401), REQUEST], [event(status=401), REQUEST]),
    "tries have ids of their own": (
        [REQUEST, ERROR, event(LogKind.REQUEST, message="", figures={"request_id": "req_2"})],
        [
            event(figures={"request_id": "req_1"}),
            event(LogKind.REQUEST, message="", figures={"request_id": "req_2"}),
        ],
    ),
    "equal calls are two calls": ([USAGE, USAGE], [USAGE, USAGE]),
    "starts are two starts": ([event(LogKind.STARTED)] * 2, [event(LogKind.STARTED)] * 2),
}


@pytest.mark.parametrize(("told", "kept"), TOGETHER.values(), ids=TOGETHER.keys())
def test_what_belongs_together(told: list[LogEvent], kept: list[LogEvent]) -> None:
    assert held(*told) == kept


def test_events_go_when_their_time_is_over() -> None:
    hold = Held()
    hold.add(ERROR, 1_000)
    hold.add(USAGE, 1_000)
    assert hold.due(1_000 + HOLD_MS - 1) == []
    assert hold.due(1_000 + HOLD_MS) == [ERROR]
    assert hold.due(1_000 + GRACE_MS) == [USAGE]
    assert hold.all() == []


def test_a_flood_is_let_go_early() -> None:
    hold = Held()
    for number in range(MOST + 10):
        hold.add(event(LogKind.USAGE, prompt_tokens=number), 0)
    assert [each.prompt_tokens for each in hold.due(0)] == list(range(10))
    assert len(hold.all()) == MOST
