"""The slot engine in all time zones there are, around the next four changes of their clocks."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from eventtypes.local_time import span_of_days
from eventtypes.opening_hours import DateHours, OpeningHours, WeeklyWindow
from eventtypes.slot_rules import SlotRules
from tests.eventtypes.clock_changes import NOW, ZONE_NAMES, next_changes
from tests.eventtypes.slot_strategies import Question
from tests.scale import sampled

ONE_DAY = timedelta(days=1)

# The hours in which clocks change, on either side of midnight, and some in the middle of the day.
WINDOWS = ((time(0), time(3, 30)), (time(9, 5), time(12)), (time(22, 10), time(0)))
WEEKLY = tuple(WeeklyWindow(weekday, *window) for weekday in range(7) for window in WINDOWS)


def question_around(instant: datetime, zone: ZoneInfo, duration: int) -> Question:
    """Ask for the day of the instant, on which there are other windows, and the days before and after it."""
    day = instant.astimezone(zone).date()
    span = span_of_days(day - ONE_DAY, day + ONE_DAY, zone)
    hours = OpeningHours(zone, WEEKLY, (DateHours(day, ((time(0), time(1, 15)), (time(1, 45), time(2, 45)))),))
    return Question(
        hours=hours,
        rules=SlotRules(duration=timedelta(minutes=duration), interval=timedelta(minutes=15)),
        busy=(),
        now=NOW,
        start=span.start,
        end=span.end,
    )


@pytest.mark.rule("R10")
@pytest.mark.parametrize("zone_name", sampled(ZONE_NAMES))
def test_slots_around_clock_changes_are_right_in_every_zone(zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    for instant in next_changes(zone) or (NOW + timedelta(days=10),):
        for duration in (15, 30, 60, 90):
            question = question_around(instant, zone, duration)

            slots = question.slots()

            assert slots
            assert slots == question.reference()
            assert all(earlier.starts_at < later.starts_at for earlier, later in pairwise(slots))
            assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(minutes=duration)}
            assert all(is_on_the_clock(slot.starts_at, zone) for slot in slots)


def is_on_the_clock(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether the wall-clock time that is shown for the instant leads back to it: none in a gap does."""
    shown = instant.astimezone(zone)
    return shown.replace(tzinfo=zone, fold=shown.fold).astimezone(UTC) == instant


def test_zones_to_try_are_all_there_are() -> None:
    changes = {name: len(next_changes(ZoneInfo(name))) for name in ZONE_NAMES}

    assert len(changes) > 400
    assert set(changes.values()) <= {0, 4}
    assert changes["Australia/Lord_Howe"] == changes["Africa/Casablanca"] == changes["Antarctica/Troll"] == 4
