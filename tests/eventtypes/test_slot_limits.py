"""The slot engine's limits: minimum notice, booking window (rule 6), and how often it can be booked (rule 7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventtypes.booking_window import BookingWindow, BusinessDays, CalendarDays, DateRange, Unlimited
from eventtypes.intervals import Interval
from eventtypes.opening_hours import DateHours
from eventtypes.slot_engine import bookable_starts, busy_range
from eventtypes.slot_rules import Slot
from tests.eventtypes.slot_cases import (
    BERLIN,
    FRIDAY,
    berlin,
    daily,
    days_with_slots,
    meeting,
    minutes,
    rules,
    slots_on,
    starts,
)

# --- 6. Minimum notice and booking window ------------------------------------------------------------------------


def test_rule_6_slot_starts_at_least_the_minimum_notice_after_now() -> None:
    asked = rules(minimum_notice=minutes(120))
    hours = daily("09:00-13:00")

    at_seven = starts(hours, asked, now=berlin("12-03 07:00"))
    just_after_seven = starts(hours, asked, now=berlin("12-03 07:00") + timedelta(microseconds=1))

    assert (at_seven, just_after_seven) == (["09:00", "10:00", "11:00", "12:00"], ["10:00", "11:00", "12:00"])


def test_rule_6_slot_starts_after_now_even_without_notice() -> None:
    assert starts(daily("09:00-13:00"), rules(), now=berlin("12-03 10:00")) == ["11:00", "12:00"]


@pytest.mark.parametrize(
    ("window", "found"),
    [
        (CalendarDays(0), ["12-03"]),
        (CalendarDays(2), ["12-03", "12-04", "12-05"]),
        (BusinessDays(2), ["12-03", "12-04", "12-05", "12-06", "12-07"]),
        (DateRange(date(2026, 12, 4), date(2026, 12, 5)), ["12-04", "12-05"]),
        (DateRange(date(2026, 11, 1), date(2026, 12, 4)), ["12-03", "12-04"]),
        (DateRange(date(2026, 11, 1), date(2026, 12, 2)), []),
        (Unlimited(), ["12-03", "12-04", "12-05", "12-06", "12-07", "12-08"]),
    ],
)
def test_rule_6_slot_starts_on_a_day_of_the_booking_window(window: BookingWindow, found: list[str]) -> None:
    hours = daily("22:00-00:00")
    now = berlin("12-03 12:00")

    assert days_with_slots(hours, rules(booking_window=window), date(2026, 12, 1), date(2026, 12, 8), now=now) == found


def test_rule_6_today_is_the_day_in_the_schedules_zone() -> None:
    hours = daily("09:00-10:00", zone="Pacific/Kiritimati")
    late_on_wednesday = datetime(2026, 12, 2, 9, 59, tzinfo=UTC)
    early_on_thursday = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)

    found = [
        days_with_slots(hours, rules(booking_window=CalendarDays(1)), date(2026, 12, 1), date(2026, 12, 8), now=now)
        for now in (late_on_wednesday, early_on_thursday)
    ]

    assert found == [["12-03"], ["12-03", "12-04"]]


def test_rule_6_last_day_of_the_window_ends_where_the_next_one_begins() -> None:
    # 5 September 2027 began at 01:00 in Santiago.
    hours = daily("00:00-00:00", zone="America/Santiago")
    window = DateRange(date(2027, 9, 4), date(2027, 9, 4))

    slots = slots_on(hours, rules(booking_window=window), date(2027, 9, 3), date(2027, 9, 6))

    assert (len(slots), slots[-1].starts_at) == (24, datetime(2027, 9, 5, 3, tzinfo=UTC))


def test_rule_6_nothing_is_offered_more_than_24_months_ahead() -> None:
    slots = slots_on(daily("09:00-10:00"), rules(), date(2028, 11, 18), date(2028, 11, 25))

    assert [slot.starts_at.date() for slot in slots] == [date(2028, 11, day) for day in (18, 19, 20)]


def test_bookable_starts_run_from_the_notice_through_the_end_of_the_window() -> None:
    asked = rules(minimum_notice=minutes(60), booking_window=CalendarDays(1))

    found = bookable_starts(asked, BERLIN, now=berlin("12-03 12:00"))

    assert found == Interval(berlin("12-03 13:00"), berlin("12-05 00:00"))


# --- 7. Limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        ({"max_per_day": 2}, ["11-30", "12-01", "12-04", "12-05", "12-06", "12-07", "12-08"]),
        ({"max_per_day": 3}, ["11-30", "12-01", "12-03", "12-04", "12-05", "12-06", "12-07", "12-08"]),
        ({"max_per_week": 3}, ["12-07", "12-08"]),
        ({"max_per_week": 4}, ["11-30", "12-01", "12-03", "12-04", "12-05", "12-06", "12-07", "12-08"]),
        ({"max_per_month": 3}, ["11-30"]),
        ({"max_per_month": 4}, ["11-30", "12-01", "12-03", "12-04", "12-05", "12-06", "12-07", "12-08"]),
        ({"max_minutes_per_day": 179}, ["11-30", "12-01", "12-04", "12-05", "12-06", "12-07", "12-08"]),
        ({"max_minutes_per_day": 180}, ["11-30", "12-01", "12-03", "12-04", "12-05", "12-06", "12-07", "12-08"]),
    ],
)
def test_rule_7_limit_that_is_reached_closes_its_period(limit: dict[str, int], found: list[str]) -> None:
    """Two hours are booked on Thursday; 2 December is a day off with a meeting from before it was one."""
    busy = [
        meeting("12-02 09:00", counts=True),
        meeting("12-03 09:00", counts=True),
        meeting("12-03 10:00", counts=True),
        meeting("12-03 12:00", counts=False),
    ]
    hours = daily("09:00-17:00", overrides=(DateHours(date(2026, 12, 2)),))

    assert days_with_slots(hours, rules(**limit), date(2026, 11, 30), date(2026, 12, 8), busy) == found


def test_rule_7_week_starts_on_monday() -> None:
    busy = [meeting("12-06 09:00", counts=True), meeting("12-14 09:00", counts=True)]

    found = days_with_slots(daily("10:00-11:00"), rules(max_per_week=1), date(2026, 12, 5), date(2026, 12, 15), busy)

    assert found == ["12-07", "12-08", "12-09", "12-10", "12-11", "12-12", "12-13"]


@pytest.mark.parametrize(
    ("start", "left"),
    [
        # In Berlin one runs from the 3rd into the 4th; the other lies on the 4th, but begins on the 3rd in UTC.
        ("12-03 23:30", ["12-02", "12-04", "12-05"]),
        ("12-04 00:15", ["12-02", "12-03", "12-05"]),
    ],
)
@pytest.mark.parametrize("limit", [{"max_per_day": 1}, {"max_minutes_per_day": 119}])
def test_rule_7_meeting_counts_whole_for_the_day_on_which_it_starts_in_the_schedules_zone(
    start: str, left: list[str], limit: dict[str, int]
) -> None:
    busy = [meeting(start, counts=True)]
    hours = daily("09:00-10:00")

    found = days_with_slots(hours, rules(**limit), date(2026, 12, 2), date(2026, 12, 5), busy)

    assert found == left


def test_rule_7_slot_counts_for_the_day_on_which_it_starts() -> None:
    busy = [meeting("12-03 12:00", counts=True)]
    hours = daily("00:00-00:00")

    slots = slots_on(hours, rules(max_per_day=1), date(2026, 12, 2), FRIDAY, busy)

    assert (slots[23], slots[24]) == (
        Slot(berlin("12-02 23:00"), berlin("12-03 00:00")),
        Slot(berlin("12-04 00:00"), berlin("12-04 01:00")),
    )


@pytest.mark.parametrize("limit", [{"max_minutes_per_day": 59}, {"max_per_day": 0}, {"max_per_month": 0}])
def test_rule_7_limits_below_one_meeting_offer_nothing(limit: dict[str, int]) -> None:
    assert starts(daily("09:00-17:00"), rules(**limit)) == []


@pytest.mark.parametrize(
    ("limit", "first", "last"),
    [
        ({}, berlin("12-02 09:00"), berlin("12-04 13:00")),
        ({"max_per_day": 1}, berlin("12-02 09:00"), berlin("12-04 13:00")),
        ({"max_minutes_per_day": 60}, berlin("12-02 09:00"), berlin("12-04 13:00")),
        ({"max_per_week": 1}, berlin("11-30 00:00"), berlin("12-07 00:00")),
        ({"max_per_month": 1}, berlin("12-01 00:00"), berlin("01-01 00:00", year=2027)),
        ({"max_per_week": 1, "max_per_month": 1}, berlin("11-30 00:00"), berlin("01-01 00:00", year=2027)),
    ],
)
def test_busy_range_holds_the_longest_buffers_and_whole_periods(
    limit: dict[str, int], first: datetime, last: datetime
) -> None:
    found = busy_range(rules(**limit), BERLIN, start=berlin("12-03 09:00"), end=berlin("12-03 12:00"))

    assert found == Interval(first, last)


@pytest.mark.parametrize("limit", [{"max_per_day": 1}, {"max_minutes_per_day": 60}])
def test_busy_range_holds_the_whole_day_also_if_it_has_25_hours(limit: dict[str, int]) -> None:
    end_of_the_day = datetime(2027, 10, 31, 23, tzinfo=UTC)

    found = busy_range(rules(**limit), BERLIN, start=end_of_the_day - minutes(30), end=end_of_the_day)

    assert found.start == datetime(2027, 10, 30, 22, tzinfo=UTC)
