"""What a day and a month may cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from addons.domain.alerts.alert import Alert
from addons.domain.events import Level
from addons.domain.settings.alerts import Alerts

NEARLY, FULL = 0.8, 1.0


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent since a period began."""

    period: str
    """`day` or `month`."""
    begun: str
    """Which one: 2026-11-22, or 2026-11."""
    usd: float
    tokens: int


def has_budget(settings: Alerts) -> bool:
    return any(limit for period in ("day", "month") for _, limit in _limits(settings, period))


def budget_alerts(spending: Spending, settings: Alerts, at_ms: int) -> Iterator[Alert]:
    """The highest threshold reached of each budget; its key is the same until the period or the budget is another."""
    for unit, limit in _limits(settings, spending.period):
        used = spending.usd if unit == "usd" else spending.tokens
        if limit is None or used < NEARLY * limit:
            continue
        reached = FULL if used >= limit else NEARLY
        figures = f"{used:.2f} of {limit:.2f} US dollars" if unit == "usd" else f"{used:,} of {limit:,} tokens"
        yield Alert(
            key=f"budget:{spending.period}:{spending.begun}:{unit}:{limit:g}:{reached * 100:g}",
            at_ms=at_ms,
            level=Level.CRITICAL if reached == FULL else Level.WARNING,
            message=f"Budget of the {spending.period}: {figures} spent ({used / limit:.0%})",
            data={"period": spending.period, "begun": spending.begun, "unit": unit, "limit": limit, "used": used},
        )


def _limits(settings: Alerts, period: str) -> tuple[tuple[str, float | None], ...]:
    if period == "day":
        return ("usd", settings.budget_day_usd), ("tokens", settings.budget_day_tokens)
    return ("usd", settings.budget_month_usd), ("tokens", settings.budget_month_tokens)
