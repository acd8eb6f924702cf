"""What the IDE's logs told, for the page."""

from typing import Any

import pytest
from sqlalchemy import Engine

from addons.domain.completion import Outcome
from addons.domain.continue_log import LogEvent, LogKind, as_event
from addons.domain.events import Event
from addons.domain.logged_usage import LoggedUsage
from db import writing
from db.queries.ide_log import IdeLogFilter, LoggedCounts, event_count, events, logged, logged_counts
from tests.db.stores import NOW_MS, MakeCompletion


def error(at_ms: int = NOW_MS, **fields: Any) -> Event:
    usual: dict[str, Any] = {
        "log": "core.log",
        "kind": LogKind.ERROR,
        "message": "429 Slow down",
        "error_class": "rate",
        "status": 429,
    }
    return as_event(LogEvent(at_ms=at_ms, **(usual | fields)))


CONTEXT = error(
    NOW_MS + 10_000,
    kind=LogKind.CONTEXT,
    message="Not enough context",
    error_class="context",
    status=None,
    operation="llm/compileChat",
    figures={"context_length": 32_768.0},
)
AUTH = error(NOW_MS + 20_000, log="cn.log", message="401 Invalid", error_class="auth", status=401, model="m")


@pytest.fixture
def filled(engine: Engine, make_completion: MakeCompletion) -> Engine:
    failed = {"outcome": Outcome.ERROR, "duration_ms": 900.0}
    with engine.begin() as tx:
        writing.write(
            tx,
            [
                *(error(), CONTEXT, AUTH, Event(at_ms=NOW_MS, kind="alert")),
                make_completion(started_at_ms=NOW_MS - 3_500, status=429, **failed),
                make_completion(started_at_ms=NOW_MS - 500, status=429, **failed),
                make_completion(started_at_ms=NOW_MS - 500, status=500, **failed),
                make_completion(started_at_ms=NOW_MS, duration_ms=100.0, prompt_tokens_before=90, prompt_tokens=95),
                LoggedUsage(at_ms=NOW_MS + 150, model="kimi-for-coding", prompt_tokens=80, completion_tokens=7),
                LoggedUsage(at_ms=NOW_MS + 60_000, model="codestral", prompt_tokens=70, completion_tokens=6),
            ],
            "p-1",
        )
    return engine


def test_events_are_the_latest_first_with_all_that_the_line_gave(filled: Engine) -> None:
    with filled.connect() as tx:
        auth, context, rate = events(tx, IdeLogFilter(), 10)
        assert events(tx, IdeLogFilter(), 1, 1) == [context]
    assert (auth.log, auth.what, auth.error_class, auth.status, auth.model) == ("cn.log", "error", "auth", 401, "m")
    assert (context.level, context.operation, context.figures) == (
        "critical",
        "llm/compileChat",
        {"context_length": 32_768.0},
    )
    assert (rate.at_ms, rate.message, rate.level) == (NOW_MS, "429 Slow down", "warning")


def test_an_error_leads_to_the_failed_call_of_its_time_and_status(filled: Engine) -> None:
    with filled.connect() as tx:
        found = {row.error_class: row.completion_id for row in events(tx, IdeLogFilter(), 10)}
    assert found == {"rate": 2, "auth": None, "context": None}


FILTERS = {
    "all": (IdeLogFilter(), 3),
    "since": (IdeLogFilter(since_ms=NOW_MS + 10_000), 2),
    "what": (IdeLogFilter(what="context"), 1),
    "class": (IdeLogFilter(error_class="rate"), 1),
    "log": (IdeLogFilter(log="cn.log"), 1),
    "two": (IdeLogFilter(log="core.log", what="error"), 1),
    "no pattern": (IdeLogFilter(log="core_log"), 0),
    "nor a quotation": (IdeLogFilter(what='error", "x'), 0),
}


@pytest.mark.parametrize(("wanted", "count"), FILTERS.values(), ids=FILTERS.keys())
def test_filters(filled: Engine, wanted: IdeLogFilter, count: int) -> None:
    with filled.connect() as tx:
        assert len(events(tx, wanted, 10)) == event_count(tx, wanted) == count


def test_calls_with_their_three_figures(filled: Engine) -> None:
    with filled.connect() as tx:
        unseen, seen = logged(tx, 0, 10)
        assert logged(tx, 0, 10, source="logs") == [unseen] == logged(tx, NOW_MS + 1, 10)
        assert logged(tx, 0, 10, source="proxy") == [seen] == logged(tx, 0, 1, 1)
    assert (seen.prompt_tokens_before, seen.prompt_tokens, seen.logged_prompt_tokens) == (90, 95, 80)
    assert (unseen.source, unseen.model, unseen.prompt_tokens_before, unseen.logged_prompt_tokens) == (
        "logs",
        "codestral",
        None,
        70,
    )


def test_how_many_were_matched(filled: Engine) -> None:
    with filled.connect() as tx:
        assert logged_counts(tx, 0) == LoggedCounts(matched=1, unmatched=1, untold=3)
        assert logged_counts(tx, NOW_MS + 90_000) == LoggedCounts(matched=0, unmatched=0, untold=0)
