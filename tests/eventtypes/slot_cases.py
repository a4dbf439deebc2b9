"""Short words for the tests of slots: hours, rules and meetings in a line, and slots as a clock shows them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eventtypes.local_time import span_of_days
from eventtypes.opening_hours import DateHours, OpeningHours, WallWindow, WeeklyWindow
from eventtypes.slot_engine import find_slots, slots_by_date
from eventtypes.slot_rules import Busy, Slot, SlotRules
from tests.eventtypes.clock_changes import NOW

THURSDAY = date(2026, 12, 3)
FRIDAY = date(2026, 12, 4)
BERLIN = ZoneInfo("Europe/Berlin")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def berlin(text: str, year: int = 2026) -> datetime:
    """Read "12-03 09:00" as an instant in Berlin's winter."""
    return datetime.fromisoformat(f"{year}-{text}+01:00").astimezone(UTC)


def window(text: str) -> WallWindow:
    """Read "09:00-17:00"."""
    start, end = text.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def daily(*windows: str, zone: str = "Europe/Berlin", overrides: tuple[DateHours, ...] = ()) -> OpeningHours:
    """Return the same windows on every day of the week."""
    weekly = tuple(WeeklyWindow(weekday, *window(text)) for weekday in range(7) for text in windows)
    return OpeningHours(ZoneInfo(zone), weekly, overrides)


def rules(duration: int = 60, **others: Any) -> SlotRules:
    return SlotRules(duration=minutes(duration), **others)


def meeting(start: str, length: int = 60, *, before: int = 0, after: int = 0, counts: bool = False) -> Busy:
    starts_at = berlin(start)
    return Busy(starts_at, starts_at + minutes(length), minutes(before), minutes(after), counts=counts)


def slots_on(
    hours: OpeningHours, asked: SlotRules, first: date, last: date, busy: Sequence[Busy] = (), *, now: datetime = NOW
) -> list[Slot]:
    """Return the slots from the first day through the last, in the schedule's zone."""
    span = span_of_days(first, last, hours.zone)
    return find_slots(hours, asked, busy, now=now, start=span.start, end=span.end)


def starts(
    hours: OpeningHours, asked: SlotRules, day: date = THURSDAY, busy: Sequence[Busy] = (), *, now: datetime = NOW
) -> list[str]:
    """Return the starts on one day as the host's clock shows them."""
    slots = slots_on(hours, asked, day, day, busy, now=now)
    return [f"{slot.starts_at.astimezone(hours.zone):%H:%M}" for slot in slots]


def days_with_slots(
    hours: OpeningHours, asked: SlotRules, first: date, last: date, busy: Sequence[Busy] = (), *, now: datetime = NOW
) -> list[str]:
    """Return the days with slots, as "12-03"."""
    return [f"{day:%m-%d}" for day in slots_by_date(slots_on(hours, asked, first, last, busy, now=now), hours.zone)]
