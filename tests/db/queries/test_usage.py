"""What was used and spent, as the store has it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, func, select

from db.models import Completion
from db.queries.usage import UsageFilter, cached, groups, models, over_time, projects, total
from tests import filled

NOW_MS = 1_790_000_000_000
DAY_MS = 24 * filled.HOUR_MS


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.empty(url, NOW_MS)
    made.session(0, requests=10, age_ms=0)
    made.session(1, requests=6, age_ms=DAY_MS)
    made.session(2, requests=5, age_ms=3 * DAY_MS)
    made.sums()
    yield made
    made.engine.dispose()


def test_groups_are_the_sums_of_their_requests(tx: Connection) -> None:
    found = groups(tx, UsageFilter())
    assert [(row.provider, row.project, row.requests) for row in found] == [
        ("kimi-code", "", 10), ("mistral", "shop", 6), ("groq", "", 5)
    ]  # fmt: skip
    paid = tx.scalar(select(func.sum(Completion.cost_usd)).where(Completion.provider == "kimi-code"))
    assert found[0].cost_usd == pytest.approx(paid)
    assert found[0].cost_uncached_usd > found[0].cost_usd
    assert found[0].tokens == found[0].prompt_tokens + found[0].completion_tokens


def test_a_price_that_nobody_knows_is_not_0(tx: Connection) -> None:
    groq = next(row for row in groups(tx, UsageFilter()) if row.provider == "groq")
    assert (groq.known_usd, groq.unpriced) == (None, 5)
    together = total(tx, UsageFilter())
    assert together.known_usd == pytest.approx(sum(row.cost_usd for row in groups(tx, UsageFilter())))
    assert together.unpriced == 5


def test_a_cache_that_nobody_reports_has_no_row(tx: Connection) -> None:
    assert [row.provider for row in cached(tx, UsageFilter())] == ["kimi-code", "mistral"]
    assert all(0 <= row.cached_tokens <= row.reported_tokens for row in cached(tx, UsageFilter()))


@pytest.mark.parametrize(
    ("wanted", "providers"),
    [
        (UsageFilter(since_ms=NOW_MS - 2 * DAY_MS), {"kimi-code", "mistral"}),
        (UsageFilter(provider="groq"), {"groq"}),
        (UsageFilter(project="shop"), {"mistral"}),
        (UsageFilter(model="kimi-for-coding"), {"kimi-code"}),
        (UsageFilter(model="kimi-for-coding", project="shop"), set()),
        (UsageFilter(project="none such"), set()),
    ],
    ids=["since", "provider", "project", "model", "a model of no such project", "none"],
)
def test_filters_leave_what_they_say(tx: Connection, wanted: UsageFilter, providers: set[str]) -> None:
    assert {row.provider for row in groups(tx, wanted)} == providers
    assert {row.provider for row in over_time(tx, wanted, DAY_MS)} == providers
    assert {row.provider for row in cached(tx, wanted)} == providers - {"groq"}
    assert total(tx, wanted).requests == sum(row.requests for row in groups(tx, wanted))


@pytest.mark.parametrize("offset_ms", [0, 2 * filled.HOUR_MS, -5 * filled.HOUR_MS], ids=["UTC", "ahead", "behind"])
def test_days_begin_at_the_persons_midnight(tx: Connection, offset_ms: int) -> None:
    rows = over_time(tx, UsageFilter(), DAY_MS, offset_ms)
    assert all((row.at_ms + offset_ms) % DAY_MS == 0 for row in rows)
    assert sum(row.requests for row in rows) == 21
    assert [row.at_ms for row in rows] == sorted(row.at_ms for row in rows)


def test_projects_have_names(tx: Connection) -> None:
    assert projects(tx) == ["shop"]


def test_models_are_those_ever_called(tx: Connection) -> None:
    assert models(tx) == ["codestral-latest", "kimi-for-coding", "moonshotai/kimi-k2"]
    assert models(tx, "mistral") == ["codestral-latest"]
    assert models(tx, "no such provider") == []
