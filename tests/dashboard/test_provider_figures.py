import pytest

from dashboard.data import EDGES_MS, Latency, LatencyStep, PeriodErrors, ProviderOutcomes
from dashboard.provider_figures import by_provider, framed, shares, stacked, step_name


@pytest.mark.parametrize(
    ("step", "name"), [(0, "0-0.25 s"), (3, "1-2 s"), (len(EDGES_MS) - 1, "> 64 s")], ids=["first", "between", "last"]
)
def test_a_step_is_named_by_its_bounds(step: int, name: str) -> None:
    assert step_name(step) == name


def test_shares_of_a_provider_add_up_and_none_is_left_out() -> None:
    rows = [LatencyStep(provider="a", step=2, requests=3), LatencyStep(provider="a", step=4, requests=1),
            LatencyStep(provider="b", step=3, requests=5)]  # fmt: skip
    found = shares(rows)
    assert [(row["provider"], row["place"], row["share"]) for row in found] == [
        ("a", 2, 0.75), ("a", 3, 0.0), ("a", 4, 0.25), ("b", 2, 0.0), ("b", 3, 1.0), ("b", 4, 0.0),
    ]  # fmt: skip
    assert shares([]) == []


def test_errors_of_one_time_stand_upon_each_other_and_unknown_classes_last() -> None:
    rows = [PeriodErrors(at_ms=0, error_class="", errors=1), PeriodErrors(at_ms=0, error_class="rate", errors=2),
            PeriodErrors(at_ms=10, error_class="auth", errors=4)]  # fmt: skip
    assert [(row["error"], row["low"], row["high"], row["until"]) for row in stacked(rows, 10)] == [
        ("rate", 0, 2, 10), ("other", 2, 3, 10), ("auth", 0, 4, 20),
    ]  # fmt: skip


def test_a_period_is_shown_from_end_to_end() -> None:
    rows = stacked([PeriodErrors(at_ms=50, error_class="rate", errors=2)], 10)
    assert [(row["at"], row["high"]) for row in framed(rows, 0, 100)] == [(50, 2), (0, 0), (100, 0)]
    assert framed(rows, None, 100) == rows
    assert framed([], 0, 100) == []


def test_times_that_nobody_took_are_not_known() -> None:
    outcomes = [
        ProviderOutcomes(provider="a", requests=4, errors=1),
        ProviderOutcomes(provider="b", requests=1, errors=1),
    ]
    first = [Latency(provider="a", requests=3, p50_ms=500, p95_ms=2_000, exact=True)]
    known, unknown = by_provider(outcomes, first, [])
    assert (known["share"], known["first_50"], known["first_95"], known["whole_50"]) == (25, 0.5, 2, None)
    assert (unknown["share"], unknown["first_50"]) == (100, None)
