"""Many failed requests in a short time."""

from collections.abc import Callable

from addons.domain.alerts.bursts import BurstRule
from addons.domain.completion import Outcome
from addons.domain.settings import Settings
from tests.db.stores import NOW_MS, MakeCompletion

MakeSettings = Callable[..., Settings]


def raised(
    rule: BurstRule, settings: Settings, make: MakeCompletion, calls: list[tuple[float, Outcome]], provider: str = "p"
) -> list[float]:
    """The minutes at which a burst was told."""
    found = []
    for minute, outcome in calls:
        at_ms = NOW_MS + round(minute * 60_000)
        made = make(started_at_ms=at_ms, outcome=outcome, provider=provider, status=500, error_class="overload")
        found += [minute for _ in rule.alerts(made, settings)]
    return found


BAD, GOOD = Outcome.ERROR, Outcome.OK


def test_a_burst_is_told_once_until_it_is_over(make_settings: MakeSettings, make_completion: MakeCompletion) -> None:
    settings = make_settings(error_burst=3, error_burst_minutes=5)
    calls = [(0.0, BAD), (1.0, BAD), (2.0, GOOD), (3.0, BAD), (4.0, BAD), (20.0, GOOD), (21.0, BAD), (22.0, BAD)]
    calls += [(23.0, Outcome.UPSTREAM_ABORT)]
    assert raised(BurstRule(), settings, make_completion, calls) == [3.0, 23.0]


def test_slow_failures_and_those_of_the_client_are_none(
    make_settings: MakeSettings, make_completion: MakeCompletion
) -> None:
    settings = make_settings(error_burst=2, error_burst_minutes=5)
    slow = [(0.0, BAD), (5.0, BAD), (10.0, BAD)]
    theirs = [(11.0, Outcome.CLIENT_ABORT), (11.0, Outcome.BLOCKED), (11.0, Outcome.CLIENT_ABORT)]
    assert raised(BurstRule(), settings, make_completion, slow + theirs) == []


def test_each_provider_has_its_own_count(make_settings: MakeSettings, make_completion: MakeCompletion) -> None:
    settings, rule = make_settings(error_burst=2), BurstRule()
    assert raised(rule, settings, make_completion, [(0.0, BAD)], "a") == []
    assert raised(rule, settings, make_completion, [(0.1, BAD)], "b") == []
    made = make_completion(outcome=BAD, provider="a", status=503, error_class="overload", error_message="words")
    (alert,) = rule.alerts(made, settings)
    assert alert.message == "a: 2 requests failed within 5 minutes, the latest by overload (HTTP 503)"
