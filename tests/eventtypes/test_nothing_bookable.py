"""Why nothing is bookable: a case for each reason, and none while something is."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from eventtypes.booking_window import BusinessDays, CalendarDays, DateRange
from eventtypes.nothing_bookable import NothingBookable, explain_nothing
from eventtypes.opening_hours import DateHours, OpeningHours, WeeklyWindow
from eventtypes.slot_rules import SlotRules
from tests.eventtypes.slot_cases import BERLIN, berlin, daily, meeting, minutes, rules

THURSDAY_NOON = berlin("12-03 12:00")
OFFICE = daily("09:00-11:00")
PAST = DateHours(date(2026, 12, 2), ((time(9), time(17)),))
TOMORROW_OFF = DateHours(date(2026, 12, 4))


@pytest.mark.parametrize(
    ("hours", "asked", "reason"),
    [
        (OFFICE, rules(), None),
        (OpeningHours(BERLIN), rules(), NothingBookable.NO_HOURS),
        (OpeningHours(BERLIN, overrides=(PAST,)), rules(), NothingBookable.NO_HOURS),
        (daily("09:00-09:45", "10:00-10:45"), rules(), NothingBookable.HOURS_TOO_SHORT),
        (daily("23:30-00:00", "00:00-00:30"), rules(), None),
        (OFFICE, rules(max_minutes_per_day=45), NothingBookable.LIMITS_TOO_LOW),
        (OFFICE, rules(booking_window=DateRange(date(2026, 1, 1), date(2026, 12, 2))), NothingBookable.WINDOW_OVER),
        (OFFICE, rules(booking_window=DateRange(date(2029, 1, 1), date(2029, 2, 1))), NothingBookable.WINDOW_TOO_FAR),
        (
            OFFICE,
            rules(booking_window=CalendarDays(2), minimum_notice=timedelta(days=3)),
            NothingBookable.NOTICE_TOO_LONG,
        ),
        (
            OFFICE,
            rules(booking_window=CalendarDays(2), minimum_notice=timedelta(days=2)),
            NothingBookable.NO_HOURS_IN_WINDOW,
        ),
        (OFFICE, rules(booking_window=CalendarDays(0)), NothingBookable.NO_HOURS_IN_WINDOW),
        (
            daily("09:00-11:00", overrides=(TOMORROW_OFF,)),
            rules(booking_window=CalendarDays(1)),
            NothingBookable.NO_HOURS_IN_WINDOW,
        ),
        (
            OpeningHours(BERLIN, (WeeklyWindow(2, time(9), time(11)),)),
            rules(booking_window=BusinessDays(3)),
            NothingBookable.NO_HOURS_IN_WINDOW,
        ),
    ],
)
def test_nothing_bookable_has_a_reason(hours: OpeningHours, asked: SlotRules, reason: NothingBookable | None) -> None:
    assert explain_nothing(hours, asked, [], now=THURSDAY_NOON) == reason


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (rules(), NothingBookable.BOOKED_OUT),
        (rules(duration=30), None),
        (rules(duration=30, max_per_day=1), NothingBookable.BOOKED_OUT),
    ],
)
def test_nothing_bookable_may_be_booked_out(asked: SlotRules, reason: NothingBookable | None) -> None:
    busy = [meeting("12-04 09:00", length=90, counts=True)]
    tomorrow = replace(asked, booking_window=CalendarDays(1))

    assert explain_nothing(OFFICE, tomorrow, busy, now=THURSDAY_NOON) == reason


def test_nothing_bookable_names_the_hours_before_the_window() -> None:
    asked = rules(duration=180, booking_window=DateRange(date(2026, 1, 1), date(2026, 1, 2)), minimum_notice=minutes(5))

    assert explain_nothing(OFFICE, asked, [], now=THURSDAY_NOON) == NothingBookable.HOURS_TOO_SHORT
