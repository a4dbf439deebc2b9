"""Booking windows: the days that they leave today."""

from datetime import date

import pytest

from eventtypes.booking_window import (
    BookingWindow,
    BusinessDays,
    CalendarDays,
    DateRange,
    Unlimited,
    Within,
    bookable_days,
)

THURSDAY = date(2026, 12, 3)
FRIDAY = date(2026, 12, 4)
SATURDAY = date(2026, 12, 5)
SUNDAY = date(2026, 12, 6)


@pytest.mark.parametrize(
    ("window", "last"),
    [
        (CalendarDays(0), THURSDAY),
        (CalendarDays(60), date(2027, 2, 1)),
        (CalendarDays(2**31), date(2028, 12, 3)),
        (BusinessDays(2**31), date(2028, 12, 3)),
        (Unlimited(), date(2028, 12, 3)),
    ],
)
def test_window_runs_from_today_for_24_months_at_most(window: BookingWindow, last: date) -> None:
    assert bookable_days(window, THURSDAY) == (THURSDAY, last)


@pytest.mark.parametrize(
    ("today", "days", "last"),
    [
        (THURSDAY, 0, THURSDAY),
        (THURSDAY, 1, FRIDAY),
        (THURSDAY, 2, date(2026, 12, 7)),
        (THURSDAY, 5, date(2026, 12, 10)),
        (THURSDAY, 7, date(2026, 12, 14)),
        (FRIDAY, 1, date(2026, 12, 7)),
        (FRIDAY, 5, date(2026, 12, 11)),
        (SATURDAY, 0, SATURDAY),
        (SATURDAY, 1, date(2026, 12, 7)),
        (SUNDAY, 1, date(2026, 12, 7)),
        (SUNDAY, 5, date(2026, 12, 11)),
        (SUNDAY, 6, date(2026, 12, 14)),
    ],
)
def test_business_days_leave_out_weekends(today: date, days: int, last: date) -> None:
    assert bookable_days(BusinessDays(days), today) == (today, last)


@pytest.mark.parametrize(
    ("window", "days"),
    [
        (DateRange(FRIDAY, SUNDAY), (FRIDAY, SUNDAY)),
        (DateRange(date(2026, 1, 1), SATURDAY), (THURSDAY, SATURDAY)),
        (DateRange(date.min, date.max), (THURSDAY, date(2028, 12, 3))),
    ],
)
def test_date_range_is_what_is_left_of_it(window: DateRange, days: tuple[date, date]) -> None:
    assert bookable_days(window, THURSDAY) == days


@pytest.mark.parametrize(
    "window",
    [DateRange(date.min, date.min), DateRange(date(2026, 1, 1), date(2026, 12, 2)), DateRange(date.max, date.max)],
)
def test_date_range_over_or_far_away_leaves_no_day(window: DateRange) -> None:
    first, last = bookable_days(window, THURSDAY)

    assert first > last


@pytest.mark.parametrize(
    ("window", "days"),
    [
        (Within(CalendarDays(60)), (THURSDAY, date(2027, 2, 1))),
        (Within(CalendarDays(60), FRIDAY, SUNDAY), (FRIDAY, SUNDAY)),
        (Within(CalendarDays(60), first=FRIDAY), (FRIDAY, date(2027, 2, 1))),
        (Within(CalendarDays(60), last=FRIDAY), (THURSDAY, FRIDAY)),
        (Within(CalendarDays(1), date(2026, 1, 1), SUNDAY), (THURSDAY, FRIDAY)),
        (Within(BusinessDays(1), last=date.max), (THURSDAY, FRIDAY)),
        (Within(DateRange(SATURDAY, SUNDAY), FRIDAY, SATURDAY), (SATURDAY, SATURDAY)),
        (Within(Unlimited(), last=date.max), (THURSDAY, date(2028, 12, 3))),
    ],
)
def test_dates_of_ones_own_leave_less_and_never_more(window: Within, days: tuple[date, date]) -> None:
    assert bookable_days(window, THURSDAY) == days


@pytest.mark.parametrize(
    "window",
    [
        Within(CalendarDays(60), last=date(2026, 12, 2)),
        Within(CalendarDays(1), first=SATURDAY),
        Within(DateRange(FRIDAY, FRIDAY), SATURDAY, SUNDAY),
        Within(Unlimited(), first=date.max),
    ],
)
def test_dates_of_ones_own_outside_the_window_leave_no_day(window: Within) -> None:
    first, last = bookable_days(window, THURSDAY)

    assert first > last


def test_24_months_from_a_leap_day_end_with_february() -> None:
    assert bookable_days(Unlimited(), date(2028, 2, 29)) == (date(2028, 2, 29), date(2030, 2, 28))
