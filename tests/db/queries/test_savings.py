"""What was saved, as the store has it."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import Connection

from db.queries.savings import SavingsFilter, by_provider, over_time
from tests import filled
from tests.db.plans import plan_of

NOW_MS = 1_790_000_000_000
DAY_MS = 24 * filled.HOUR_MS


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.empty(url, NOW_MS)
    made.session(0, requests=10, age_ms=0)
    made.session(2, requests=5, age_ms=3 * DAY_MS)
    made.sums()
    yield made
    made.engine.dispose()


def test_each_provider_has_its_sums(tx: Connection) -> None:
    kimi, groq = by_provider(tx, SavingsFilter())
    assert (kimi.provider, kimi.requests, groq.provider, groq.requests) == ("kimi-code", 10, "groq", 5)
    assert kimi.before_tokens - kimi.masked_tokens - kimi.compressed_tokens == kimi.sent_tokens
    assert kimi.masked_tokens == 5 * 3_100
    assert kimi.net_usd and kimi.net_usd == pytest.approx(kimi.cost_unmodified_usd - kimi.cost_usd)


def test_what_nobody_reported_or_priced_is_not_known(tx: Connection) -> None:
    groq = by_provider(tx, SavingsFilter(provider="groq"))[0]
    assert (groq.cache_share, groq.net_usd, groq.reported, groq.priced) == (None, None, 0, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 429, "outcome": "error"},
        {"status": 200, "outcome": "error"},
        {"status": 200, "outcome": "blocked"},
        {"status": None, "outcome": "upstream_abort"},
    ],
    ids=["refused", "refused inside the stream", "answered here", "not reached"],
)
def test_a_request_without_an_answer_saves_nothing(
    filler: filled.Filler, tx: Connection, fields: dict[str, object]
) -> None:
    before = by_provider(tx, SavingsFilter())
    filler.request("s-0000", masked_tokens_saved=5_000, **fields)
    after = by_provider(tx, SavingsFilter())
    assert [asdict(row) for row in after] == [
        pytest.approx(asdict(row)) for row in before
    ]  # sums of money: in any order


def test_an_epoch_that_cost_more_than_it_saved_is_negative(filler: filled.Filler, tx: Connection) -> None:
    filler.request("s-0002", cost_usd=0.5, cost_unmodified_usd=0.2)
    (only,) = by_provider(tx, SavingsFilter(session_id="s-0002", provider="kimi-code"))
    assert only.net_usd == pytest.approx(-0.3)


def test_spans_add_up_to_the_whole(tx: Connection) -> None:
    spans = over_time(tx, SavingsFilter(), DAY_MS)
    assert [span.at_ms for span in spans] == sorted(span.at_ms for span in spans)
    assert all(span.at_ms % DAY_MS == 0 for span in spans)
    for name in ("before_tokens", "cached_tokens", "cost_usd", "requests"):
        whole = sum(getattr(row, name) for row in by_provider(tx, SavingsFilter()))
        assert sum(getattr(span, name) for span in spans) == pytest.approx(whole)


def test_the_time_is_a_filter(tx: Connection) -> None:
    assert [row.provider for row in by_provider(tx, SavingsFilter(since_ms=NOW_MS - DAY_MS))] == ["kimi-code"]


@pytest.mark.parametrize(
    ("wanted", "providers"),
    [
        (SavingsFilter(model="kimi-for-coding"), ["kimi-code"]),
        (SavingsFilter(project="shop"), ["mistral"]),
        (SavingsFilter(model="kimi-for-coding", project="shop"), []),
        (SavingsFilter(model="codestral-latest", session_id="s-0001"), ["mistral"]),
        (SavingsFilter(model="kimi-for-coding", session_id="s-0001"), []),
    ],
    ids=["model", "project", "a model of no such project", "the session's model", "another model than the session's"],
)
def test_model_and_project_are_filters(
    filler: filled.Filler, tx: Connection, wanted: SavingsFilter, providers: list[str]
) -> None:
    filler.session(1, requests=6, age_ms=0)
    filler.sums()
    assert [row.provider for row in by_provider(tx, wanted)] == providers
    assert {row.provider for row in over_time(tx, wanted, DAY_MS)} == set(providers)
    assert {row.provider for row in over_time(tx, wanted, filled.MINUTE_MS)} == set(providers)


@pytest.mark.sqlite
def test_what_a_session_saved_is_read_from_an_index_alone(tx: Connection) -> None:
    plan = plan_of(tx, lambda tx: over_time(tx, SavingsFilter(session_id="s-0000"), DAY_MS))
    assert any("COVERING INDEX ix_completions_session_time (session_id=?)" in step for step in plan), plan
