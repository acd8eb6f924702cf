from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard import spending
from dashboard.data import GroupCached, GroupUsed, PeriodUsed, Used

BERLIN = ZoneInfo("Europe/Berlin")
ROWS = [
    GroupUsed(provider="a", model="m", project="", requests=3, prompt_tokens=900, cost_usd=1.0),
    GroupUsed(provider="b", model="m", project="shop", requests=2, prompt_tokens=500, cost_usd=2.0),
    GroupUsed(provider="c", model="free", project="shop", requests=1, prompt_tokens=9_000, unpriced=1),
]
CACHED = [GroupCached(provider="a", model="m", project="", cached_tokens=450, reported_tokens=900)]


def test_models_of_two_providers_are_two() -> None:
    lines = spending.models(ROWS, CACHED)
    assert [(line.name, line.provider) for line in lines] == [("m", "b"), ("m", "a"), ("free", "c")]
    assert [line.cached_share for line in lines] == [None, 0.5, None]
    assert lines[2].used.known_usd is None


def test_projects_sum_their_models() -> None:
    shop, nameless = spending.projects(ROWS, CACHED)
    assert (shop.name, shop.used.requests, shop.used.cost_usd, shop.used.unpriced) == ("shop", 3, 2.0, 1)
    assert (nameless.name, nameless.cached_share) == ("", 0.5)


def test_a_span_without_a_price_has_no_cost() -> None:
    (row,) = spending.spans([PeriodUsed(at_ms=0, provider="c", requests=1, prompt_tokens=7, unpriced=1)], 3_600_000)
    assert (row["usd"], row["tokens_high"], (row["until"] - row["at"]).total_seconds()) == (None, 7, 3_600)


def test_bars_of_one_span_stand_on_each_other() -> None:
    used = [PeriodUsed(at_ms=at_ms, provider=name, requests=1, prompt_tokens=7, cost_usd=0.5)
            for at_ms in (0, 3_600_000) for name in "ab"]  # fmt: skip
    rows = spending.spans(used, 3_600_000)
    assert [(row["usd_low"], row["usd_high"]) for row in rows] == [(0, 0.5), (0.5, 1.0)] * 2
    assert [(row["tokens_low"], row["tokens_high"]) for row in rows] == [(0, 7), (7, 14)] * 2


def test_a_chart_is_as_wide_as_its_period() -> None:
    rows = spending.spans([PeriodUsed(at_ms=7_200_000, provider="a", requests=1, cost_usd=0.5)], 3_600_000)
    framed = spending.framed(rows, 0, 10_800_000, 3_600_000)
    assert [row["at"].hour for row in framed] == [2, 0, 3]
    assert [(row["usd_high"], row["tokens_high"]) for row in framed[1:]] == [(0, 0), (0, 0)]
    assert spending.framed(rows, None, 10_800_000, 3_600_000) == rows
    assert spending.framed([], 0, 10_800_000, 3_600_000) == []


def test_the_comparison_is_against_what_was_paid() -> None:
    bars = spending.compared(Used(cost_usd=2.0, cost_unmodified_usd=3.0, cost_uncached_usd=1.5))
    assert [(bar["series"], bar["usd"], bar["more"]) for bar in bars] == [
        ("sent", 2.0, 0.0), ("before", 3.0, 0.5), ("fresh", 1.5, -0.25)
    ]  # fmt: skip
    assert spending.compared(Used(unpriced=4)) == []


def test_a_day_and_a_month_begin_at_the_persons_midnight() -> None:
    now = datetime(2026, 10, 25, 12, 30, tzinfo=BERLIN)
    assert spending.begins(now) == (datetime(2026, 10, 25, tzinfo=BERLIN), datetime(2026, 10, 1, tzinfo=BERLIN))
