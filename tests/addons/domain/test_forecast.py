from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.forecast import HOURS, MOST_DAYS, Forecast, forecast

MONDAY = date(2026, 9, 14)


def day(**hours: float) -> list[float]:
    """US dollars by hour: `at_9=2.0`."""
    amounts = [0.0] * HOURS
    for name, amount in hours.items():
        amounts[int(name.removeprefix("at_"))] = amount
    return amounts


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)


def test_without_an_earlier_day_nothing_is_forecast() -> None:
    found = forecast({MONDAY: day(at_9=2.0)}, at(MONDAY, 12))
    assert found == Forecast(today=2.0, day=None, month=2.0, month_end=None, days=0)
    assert forecast({}, at(MONDAY, 12)).day is None


@pytest.mark.parametrize(
    ("hour", "minute", "rest"),
    [(8, 0, 5.0), (9, 30, 4.0), (12, 0, 3.0), (15, 15, 2.25), (20, 0, 0.0), (23, 59, 0.0)],
)
def test_the_rest_of_the_day_is_what_earlier_days_still_spent(hour: int, minute: int, rest: float) -> None:
    yesterday = MONDAY - timedelta(days=3)  # a Friday
    found = forecast({yesterday: day(at_9=2.0, at_15=3.0), MONDAY: day(at_7=1.0)}, at(MONDAY, hour, minute))
    assert found.today == 1.0
    weekdays = 1  # Saturday and Sunday were without a request, and are no work days
    assert found.day == pytest.approx(1.0 + rest / weekdays)


def test_work_days_and_weekends_are_taken_apart() -> None:
    spent = {MONDAY - timedelta(days=back): day(at_10=1.0 if (MONDAY - timedelta(days=back)).weekday() < 5 else 0.1)
             for back in range(1, 15)}  # fmt: skip
    found = forecast(spent, at(MONDAY, 0))
    before = sum(sum(hours) for seen, hours in spent.items() if seen.month == 9)
    # 14 to 30 September: 13 work days and 4 days of weekends.
    assert found.month_end == pytest.approx(before + 13 * 1.0 + 4 * 0.1)
    assert found.days == 14


def test_a_day_without_a_request_after_the_first_counts_as_one_without_a_cost() -> None:
    friday = MONDAY - timedelta(days=3)
    found = forecast({friday - timedelta(days=1): day(at_10=4.0)}, at(friday, 9))
    assert found.day == 4.0
    assert forecast({friday - timedelta(days=2): day(at_10=4.0)}, at(friday, 9)).day == 2.0


def test_only_the_latest_weeks_count() -> None:
    old = MONDAY - timedelta(days=MOST_DAYS + 5)
    assert forecast({old: day(at_10=99.0), MONDAY - timedelta(days=1): day()}, at(MONDAY, 0)).day == 0


@given(
    st.dictionaries(
        st.dates(date(2026, 8, 1), date(2026, 10, 31)),
        st.lists(st.floats(0, 1e6), min_size=HOURS, max_size=HOURS),
        max_size=20,
    ),
    st.datetimes(datetime(2026, 8, 1), datetime(2026, 10, 31)),
)
def test_what_is_forecast_is_never_less_than_what_is_spent(spent: dict[date, list[float]], now: datetime) -> None:
    found = forecast(spent, now)
    assert found.day is None or found.day >= found.today
    assert found.month_end is None or found.month_end >= found.month >= 0
