"""What will have been spent by the end of the day and of the month, from what earlier days were like.

A day's course counts, not its average: what earlier days still spent after this time of day is what is expected of the
rest of this one. Work days and weekends are taken apart as soon as both have been seen. Without an earlier day nothing
is forecast: a guess from one morning would be no better than none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

HOURS = 24
MOST_DAYS = 28
"""How far back days are looked at: four of each weekday."""

Day = Sequence[float]
"""US dollars in each of its HOURS hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """US dollars; None where nothing is known to forecast from."""

    today: float
    """So far."""
    day: float | None
    """At the end of the day."""
    month: float
    """So far."""
    month_end: float | None
    days: int
    """Earlier days that it rests on."""


def forecast(spent: Mapping[date, Day], now: datetime) -> Forecast:
    """Of the day and of the month.

    :param spent: by day of the person's own calendar. Nothing was spent on a day without an entry that follows one with
        an entry; of the days before the first one nothing is known.
    :param now: by the same clock.
    """
    today = now.date()
    so_far = sum(spent.get(today, ()))
    month = sum(sum(hours) for day, hours in spent.items() if today.replace(day=1) <= day <= today)
    seen = _earlier(spent, today)
    if not seen:
        return Forecast(today=so_far, day=None, month=month, month_end=None, days=0)
    passed = now.hour + now.minute / 60
    rest_of_today = _expected({day: _after(hours, passed) for day, hours in seen.items()}, today)
    whole = {day: sum(hours) for day, hours in seen.items()}
    rest_of_month = sum(_expected(whole, day) for day in _days_left(today))
    return Forecast(
        today=so_far,
        day=so_far + rest_of_today,
        month=month,
        month_end=month + rest_of_today + rest_of_month,
        days=len(seen),
    )


def _earlier(spent: Mapping[date, Day], today: date) -> dict[date, Day]:
    """The days before today since the first one known, at most MOST_DAYS."""
    first = min((day for day in spent if day < today), default=today)
    first = max(first, today - timedelta(days=MOST_DAYS))
    days = (first + timedelta(days=at) for at in range((today - first).days))
    return {day: spent.get(day, (0.0,) * HOURS) for day in days}


def _after(hours: Day, passed: float) -> float:
    """What was spent after so many hours of a day; the hour under way by its share."""
    at = int(passed)
    return sum(hours[at + 1 :]) + hours[at] * (1 - (passed - at))


def _expected(amounts: Mapping[date, float], day: date) -> float:
    """The mean over days of its kind, else over all."""
    alike = [amount for seen, amount in amounts.items() if _is_weekend(seen) == _is_weekend(day)]
    return fmean(alike or amounts.values())


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def _days_left(today: date) -> list[date]:
    """Of the month, after today."""
    days = (today + timedelta(days=at) for at in range(1, 31))
    return [day for day in days if day.month == today.month]
