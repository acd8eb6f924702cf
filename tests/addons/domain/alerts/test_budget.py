"""What a day and a month may cost."""

from typing import Any

import pytest

from addons.domain.alerts.budget import Spending, budget_alerts, has_budget
from addons.domain.events import Level
from addons.domain.settings.alerts import Alerts

DAY = {"period": "day", "begun": "2026-11-22"}
MONTH = {"period": "month", "begun": "2026-11"}
CASES: dict[str, tuple[dict[str, Any], Spending, list[tuple[str, Level]]]] = {
    "no budget": ({}, Spending(**DAY, usd=1e6, tokens=10**9), []),
    "below": ({"budget_day_usd": 5.0}, Spending(**DAY, usd=3.99, tokens=0), []),
    "nearly": (
        {"budget_day_usd": 5.0},
        Spending(**DAY, usd=4.0, tokens=0),
        [("day:2026-11-22:usd:5:80", Level.WARNING)],
    ),
    "spent": (
        {"budget_day_usd": 5.0},
        Spending(**DAY, usd=5.0, tokens=0),
        [("day:2026-11-22:usd:5:100", Level.CRITICAL)],
    ),
    "the month's is another": ({"budget_day_usd": 5.0}, Spending(**MONTH, usd=9.0, tokens=0), []),
    "month": (
        {"budget_month_usd": 5.0},
        Spending(**MONTH, usd=9.0, tokens=0),
        [("month:2026-11:usd:5:100", Level.CRITICAL)],
    ),
    "tokens": (
        {"budget_day_tokens": 1_000, "budget_day_usd": 1.0},
        Spending(**DAY, usd=0.0, tokens=900),
        [("day:2026-11-22:tokens:1000:80", Level.WARNING)],
    ),
    "tokens a month": (
        {"budget_month_tokens": 1_000},
        Spending(**MONTH, usd=0.0, tokens=1_000),
        [("month:2026-11:tokens:1000:100", Level.CRITICAL)],
    ),
}


@pytest.mark.parametrize(("settings", "spending", "alerts"), CASES.values(), ids=CASES.keys())
def test_budgets(settings: dict[str, Any], spending: Spending, alerts: list[tuple[str, Level]]) -> None:
    found = budget_alerts(spending, Alerts(**settings), 7)
    assert [(alert.key.removeprefix("budget:"), alert.level) for alert in found] == alerts


def test_the_message_says_how_much_of_what() -> None:
    (alert,) = budget_alerts(Spending(**DAY, usd=4.5, tokens=0), Alerts(budget_day_usd=5.0), 7)
    assert alert.message == "Budget of the day: 4.50 of 5.00 US dollars spent (90%)"


def test_whether_there_is_a_budget() -> None:
    assert not has_budget(Alerts())
    assert has_budget(Alerts(budget_month_tokens=1))
