"""How often the same thing is told."""

from collections.abc import Callable

import pytest

from addons.domain.alerts import alarms
from addons.domain.alerts.alarms import Alarms
from addons.domain.alerts.budget import Spending
from addons.domain.completion import Outcome
from addons.domain.events import Event, Level
from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from addons.domain.settings import Settings
from tests.db.stores import NOW_MS, MakeCompletion

MakeSettings = Callable[..., Settings]
MINUTE_MS = 60_000


def test_the_same_is_told_again_after_the_quiet_minutes(settings: Settings, make_completion: MakeCompletion) -> None:
    watched, minutes = Alarms(), [0, 1, 14, 15, 16, 40]
    refused = {"status": 429, "outcome": Outcome.ERROR, "error_class": "quota"}
    made = [make_completion(started_at_ms=NOW_MS + minute * MINUTE_MS, **refused) for minute in minutes]
    found = [
        [raised.alert.key for raised in watched.see(each, settings) if raised.alert.rule == "quota"] for each in made
    ]
    assert found == [["quota:kimi-code"], [], [], ["quota:kimi-code"], [], ["quota:kimi-code"]]


def test_a_clock_that_was_set_back_hushes_nothing_up(settings: Settings) -> None:
    watched = Alarms()
    times = [NOW_MS, NOW_MS - 24 * 60 * MINUTE_MS]
    found = [watched.see(Event(at_ms=at_ms, kind="x", level=Level.CRITICAL), settings) for at_ms in times]
    assert [[raised.is_told for raised in each] for each in found] == [[True], [True]]


def test_a_critical_context_is_kept_each_time_and_told_once(
    settings: Settings, make_completion: MakeCompletion
) -> None:
    watched = Alarms()
    found = [watched.see(make_completion(context_fill=0.96), settings) for _ in range(3)]
    assert [[raised.is_told for raised in each] for each in found] == [[True], [False], [False]]


def test_a_budget_is_told_once_in_its_period_and_anew_when_it_is_raised(make_settings: MakeSettings) -> None:
    watched, settings = Alarms(), make_settings(budget_day_usd=5.0)
    spending = Spending("day", "2026-11-22", 5.5, 0)
    assert len(watched.spent(spending, settings, NOW_MS)) == 1
    assert watched.spent(spending, settings, NOW_MS + 600 * MINUTE_MS) == []
    assert len(watched.spent(Spending("day", "2026-11-23", 5.5, 0), settings, NOW_MS)) == 1
    assert len(watched.spent(spending, make_settings(budget_day_usd=5.1), NOW_MS)) == 1


def test_what_was_told_before_a_restart_is_not_told_again(
    make_settings: MakeSettings, make_completion: MakeCompletion
) -> None:
    settings, watched = make_settings(budget_day_usd=5.0), Alarms()
    watched.load({"budget:day:2026-11-22:usd:5:100": NOW_MS - 900 * MINUTE_MS}, {"s-1": 0.85})
    assert watched.spent(Spending("day", "2026-11-22", 9.0, 0), settings, NOW_MS) == []
    assert watched.see(make_completion(context_fill=0.86), settings) == []


def test_events_limits_and_losses_are_looked_at_too(settings: Settings) -> None:
    watched = Alarms()
    quota = LimitSeen(
        provider="kimi-code",
        model="",
        kind=LimitKind.QUOTA_WEEK,
        basis=Basis.REPORTED,
        limit=10,
        remaining=0,
        reset_at_ms=None,
        seen_at_ms=NOW_MS,
    )
    event = Event(at_ms=NOW_MS, kind="alert", level=Level.CRITICAL, session_id="s-1")
    raised = [*watched.see(quota, settings), *watched.see(event, settings), *watched.lost(3, settings, NOW_MS)]
    assert [each.alert.rule for each in raised] == ["quota", "alert", "dropped"]


def test_what_was_told_longest_ago_is_forgotten_first(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "REMEMBERED", 1)
    watched = Alarms()
    first, second = (Event(at_ms=NOW_MS, kind="alert", level=Level.CRITICAL, session_id=each) for each in ("a", "b"))
    assert [len(watched.see(each, settings)) for each in (first, first, second, first)] == [1, 0, 1, 1]
