"""Times and errors of the providers, as the store has them."""

from collections.abc import Iterator
from math import ceil

import pytest
from sqlalchemy import Connection

from db.queries.provider_health import (
    DURATION,
    EDGES_MS,
    FIRST_BYTE,
    HealthFilter,
    errors_over_time,
    outcomes,
    times,
)
from tests import filled

NOW_MS = 1_790_000_000_000
TIMES_MS = [float(100 * n) for n in range(1, 42)]


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    """Forty-one answers of one provider, each 0.1 s later than the one before, and five failures."""
    made = filled.empty(url, NOW_MS)
    answers = [
        {"ttfb_ms": took, "duration_ms": 2 * took, "started_at_ms": NOW_MS - place * filled.MINUTE_MS}
        for place, took in enumerate(reversed(TIMES_MS))
    ]
    failures = [
        {"outcome": outcome, "error_class": error, "ttfb_ms": 9_999.0}
        for error, outcome in (("rate", "error"), ("rate", "error"), ("transport", "upstream_abort"), ("", "error"))
    ]
    auth = {"outcome": "error", "error_class": "auth", "provider": "groq", "kind": "autocomplete"}
    made.requests([*answers, *failures, auth, {"outcome": "blocked"}, {"source": "logs"}])
    yield made
    made.engine.dispose()


def test_percentiles_are_times_that_were_taken(tx: Connection) -> None:
    (first,) = times(tx, HealthFilter(), FIRST_BYTE).latencies
    assert (first.provider, first.requests) == ("kimi-code", len(TIMES_MS))
    assert first.p50_ms == TIMES_MS[ceil(0.50 * len(TIMES_MS)) - 1]
    assert first.p95_ms == TIMES_MS[ceil(0.95 * len(TIMES_MS)) - 1]
    (whole,) = times(tx, HealthFilter(), DURATION).latencies
    assert (whole.p50_ms, whole.p95_ms) == (2 * first.p50_ms, 2 * first.p95_ms)


def test_one_answer_is_every_percentile(filler: filled.Filler, tx: Connection) -> None:
    filler.request(None, provider="gemini", ttfb_ms=77.0)
    (only,) = times(tx, HealthFilter(provider="gemini"), FIRST_BYTE).latencies
    assert (only.p50_ms, only.p95_ms) == (77, 77)


def test_a_step_begins_at_its_edge(tx: Connection) -> None:
    found = {row.step: row.requests for row in times(tx, HealthFilter(), FIRST_BYTE).steps}
    ends = [*EDGES_MS[1:], float("inf")]
    expected = [sum(begin <= took < end for took in TIMES_MS) for begin, end in zip(EDGES_MS, ends, strict=True)]
    assert found == {step: count for step, count in enumerate(expected) if count}


def test_what_was_not_sent_is_no_request(tx: Connection) -> None:
    found = {row.provider: (row.requests, row.errors) for row in outcomes(tx, HealthFilter())}
    assert found == {"groq": (1, 1), "kimi-code": (len(TIMES_MS) + 4, 4)}


def test_errors_are_counted_by_time_and_class(tx: Connection) -> None:
    found = errors_over_time(tx, HealthFilter(), filled.HOUR_MS)
    assert {row.error_class: row.errors for row in found} == {"": 1, "auth": 1, "rate": 2, "transport": 1}
    assert {row.at_ms for row in found} == {NOW_MS // filled.HOUR_MS * filled.HOUR_MS}


@pytest.mark.parametrize(
    ("wanted", "requests"),
    [
        pytest.param(HealthFilter(since_ms=NOW_MS - 10 * filled.MINUTE_MS), 11 + 5, id="a period"),
        pytest.param(HealthFilter(provider="groq"), 1, id="a provider"),
        pytest.param(HealthFilter(kind="autocomplete"), 1, id="a kind"),
        pytest.param(HealthFilter(provider="gemini"), 0, id="nothing"),
    ],
)
def test_a_filter_leaves_out_the_others(tx: Connection, wanted: HealthFilter, requests: int) -> None:
    assert sum(row.requests for row in outcomes(tx, wanted)) == requests


def test_of_many_answers_a_percentile_is_estimated_from_steps(tx: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    (exact,) = times(tx, HealthFilter(), FIRST_BYTE).latencies
    monkeypatch.setattr("db.queries.provider_health.EXACT", 0)
    (found,) = times(tx, HealthFilter(), FIRST_BYTE).latencies
    assert (exact.exact, found.exact, found.requests) == (True, False, exact.requests)
    assert found.p50_ms == pytest.approx(exact.p50_ms, rel=0.1)
    assert found.p95_ms == pytest.approx(exact.p95_ms, rel=0.1)


def test_the_beginning_of_a_period_is_exact(tx: Connection) -> None:
    since_ms = NOW_MS - 3 * filled.MINUTE_MS
    assert sum(step.requests for step in times(tx, HealthFilter(since_ms=since_ms), FIRST_BYTE).steps) == 4
