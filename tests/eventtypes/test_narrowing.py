"""What a link leaves of its event type's offer: the durations to choose from, and the rules of the slots."""

from datetime import date, timedelta

import pytest

from eventtypes.booking_window import CalendarDays, Within
from eventtypes.narrowing import Narrowing
from eventtypes.slot_rules import SlotRules

RULES = SlotRules(
    duration=timedelta(minutes=30), minimum_notice=timedelta(hours=2), booking_window=CalendarDays(60), max_per_day=3
)
FIRST, LAST = date(2026, 12, 3), date(2026, 12, 7)


@pytest.mark.parametrize(("only", "durations"), [(None, [30, 15, 60]), (30, [30]), (60, [60]), (45, [45])])
def test_durations_are_all_or_the_only_one(only: int | None, durations: list[int]) -> None:
    assert Narrowing(duration_minutes=only).durations([30, 15, 60]) == durations


@pytest.mark.parametrize(
    ("minutes", "notice"), [(None, timedelta(hours=2)), (0, timedelta(0)), (60, timedelta(hours=1))]
)
def test_notice_is_that_of_the_event_type_or_its_own(minutes: int | None, notice: timedelta) -> None:
    assert Narrowing(notice_minutes=minutes).of_rules(RULES).minimum_notice == notice


def test_dates_narrow_the_booking_window_and_nothing_else_changes() -> None:
    rules = Narrowing(FIRST, LAST, duration_minutes=60).of_rules(RULES)

    assert rules == SlotRules(
        duration=timedelta(minutes=30),
        minimum_notice=timedelta(hours=2),
        booking_window=Within(CalendarDays(60), FIRST, LAST),
        max_per_day=3,
    )
