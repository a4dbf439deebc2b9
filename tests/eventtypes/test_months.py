"""Months: reading them from an address, stepping through them, and their calendars."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventtypes.months import EARLIEST_MONTH, LATEST_MONTH, CalendarDay, Month, calendar_weeks
from tests.scale import scaled


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-12", Month(2026, 12)),
        ("2027-01", Month(2027, 1)),
        ("9999-12", LATEST_MONTH),
        ("0000-01", EARLIEST_MONTH),
        ("2026-13", None),
        ("2026-00", None),
        ("2026-1", None),
        ("2026-12-03", None),
        ("2026-12\n", None),
        (" 2026-12", None),
        ("-026-12", None),
        ("٢٠٢٦-١٢", None),
        ("2026-1\x00", None),
        ("", None),
    ],
)
def test_month_is_read_or_nonsense(text: str, month: Month | None) -> None:
    assert Month.parse(text) == month


def test_month_is_written_as_it_is_read() -> None:
    assert str(Month(2026, 3)) == "2026-03"


def test_month_has_a_first_and_a_last_day() -> None:
    february = Month.containing(date(2028, 2, 10))

    assert (february.first_day, february.last_day) == (date(2028, 2, 1), date(2028, 2, 29))


def test_month_steps_over_the_turn_of_the_year() -> None:
    steps = Month(2026, 12).next(), Month(2027, 1).previous()

    assert steps == (Month(2027, 1), Month(2026, 12))


@pytest.mark.parametrize(
    ("month", "clamped"),
    [
        (Month(2026, 10), Month(2026, 11)),
        (Month(2026, 12), Month(2026, 12)),
        (Month(2027, 2), Month(2027, 1)),
    ],
)
def test_month_is_clamped_to_the_nearest(month: Month, clamped: Month) -> None:
    assert month.clamped(Month(2026, 11), Month(2027, 1)) == clamped


def test_calendar_weeks_run_from_monday_into_the_neighbouring_months() -> None:
    weeks = calendar_weeks(Month(2026, 12))

    assert [week[0].date for week in weeks] == [
        date(2026, 11, 30),
        date(2026, 12, 7),
        date(2026, 12, 14),
        date(2026, 12, 21),
        date(2026, 12, 28),
    ]
    assert weeks[0][:2] == (
        CalendarDay(date(2026, 11, 30), in_month=False),
        CalendarDay(date(2026, 12, 1), in_month=True),
    )
    assert weeks[-1][-1] == CalendarDay(date(2027, 1, 3), in_month=False)


@pytest.mark.parametrize("month", [EARLIEST_MONTH, LATEST_MONTH])
def test_calendar_weeks_of_the_furthest_months_exist(month: Month) -> None:
    neighbours = [month.previous(), month.next()]

    weeks = [calendar_weeks(each) for each in [month, *neighbours]]

    assert all(len(days) == 7 for each in weeks for days in each)


@settings(max_examples=scaled(4_000), deadline=None)
@given(st.integers(1900, 2999), st.integers(1, 12))
def test_calendar_weeks_hold_each_day_of_the_month_once_in_order(year: int, number: int) -> None:
    month = Month(year, number)

    days = [day for week in calendar_weeks(month) for day in week]

    ordinals = [day.date.toordinal() for day in days]
    assert ordinals == list(range(ordinals[0], ordinals[0] + len(days)))
    assert [day.date.day for day in days if day.in_month] == list(range(1, month.last_day.day + 1))
    assert days[0].date.weekday() == 0


@settings(max_examples=scaled(4_000), deadline=None)
@given(st.text(max_size=9))
def test_month_of_any_text_is_a_month_or_none(text: str) -> None:
    month = Month.parse(text)

    assert month is None or EARLIEST_MONTH <= month <= LATEST_MONTH
