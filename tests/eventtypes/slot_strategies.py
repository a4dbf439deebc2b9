"""Random schedules, rules, meetings and ranges for the properties of the slot engine."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from eventtypes.booking_window import BookingWindow, BusinessDays, CalendarDays, DateRange, Unlimited, Within
from eventtypes.intervals import Interval
from eventtypes.opening_hours import DateHours, OpeningHours, WallWindow, WeeklyWindow
from eventtypes.slot_engine import find_slots
from eventtypes.slot_rules import Busy, Slot, SlotRules
from tests.eventtypes.clock_changes import ZONE_NAMES, next_changes
from tests.eventtypes.slot_reference import reference_slots

DAY_MINUTES = 24 * 60

# Half of the examples play where something odd happens to the clock.
ODD_ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/Nuuk", "America/Santiago", "America/St_Johns",
    "Antarctica/Troll", "Asia/Beirut", "Asia/Kathmandu", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin",
    "Pacific/Chatham", "Pacific/Kiritimati",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that the engine is asked with."""

    hours: OpeningHours
    rules: SlotRules
    busy: tuple[Busy, ...]
    now: datetime
    start: datetime
    end: datetime

    def over(self, span: Interval) -> "Question":
        """Ask the same for another range."""
        return replace(self, start=span.start, end=span.end)

    def slots(self) -> list[Slot]:
        return find_slots(self.hours, self.rules, self.busy, now=self.now, start=self.start, end=self.end)

    def reference(self) -> list[Slot]:
        return reference_slots(self.hours, self.rules, self.busy, now=self.now, start=self.start, end=self.end)


def minutes(*numbers: int) -> st.SearchStrategy[timedelta]:
    return st.sampled_from([timedelta(minutes=number) for number in numbers])


quarter_hours = st.integers(0, 96)
zones = st.sampled_from(ODD_ZONES) | st.sampled_from(ZONE_NAMES)


def days(zone: ZoneInfo) -> st.SearchStrategy[date]:
    """Draw a day, as often as not one just before the clock changes."""
    any_day = st.integers(0, 730).map(lambda number: date(2027, 1, 1) + timedelta(days=number))
    before_changes = [
        change.astimezone(zone).date() - timedelta(days=back) for change in next_changes(zone) for back in range(3)
    ]
    return any_day | st.sampled_from(before_changes) if before_changes else any_day


@st.composite
def wall_windows(draw: st.DrawFn) -> WallWindow:
    """Draw a window, on a grid so coarse that windows often touch, overlap or end at midnight."""
    start, end = sorted((draw(quarter_hours), draw(quarter_hours)))
    return _wall(start), _wall(end)


def _wall(quarter_hour: int) -> time:
    """Return the time so many quarters of an hour after 00:00; the last of a day is 00:00 again."""
    return time(quarter_hour // 4 % 24, quarter_hour % 4 * 15)


AROUND_THE_CLOCK = tuple(WeeklyWindow(weekday, time(0), time(0)) for weekday in range(7))
weekly_windows = st.builds(lambda weekday, window: WeeklyWindow(weekday, *window), st.integers(0, 6), wall_windows())


@st.composite
def opening_hours(draw: st.DrawFn, zone: ZoneInfo, day: date) -> OpeningHours:
    """Draw windows, random or around the clock, and overrides for the days after the given one."""
    weekly = draw(st.just(AROUND_THE_CLOCK) | st.lists(weekly_windows, min_size=3, max_size=12).map(tuple))
    override = st.builds(
        DateHours,
        st.integers(0, 5).map(lambda days: day + timedelta(days=days)),
        st.lists(wall_windows(), max_size=3).map(tuple),
    )
    return OpeningHours(zone, weekly, tuple(draw(st.lists(override, max_size=2))))


def booking_windows(day: date) -> st.SearchStrategy[BookingWindow]:
    near = st.integers(-3, 6).map(lambda days: day + timedelta(days=days))
    whole = (
        st.just(Unlimited())
        | st.builds(CalendarDays, st.integers(0, 8))
        | st.builds(BusinessDays, st.integers(0, 8))
        | st.builds(DateRange, near, near)
    )
    return whole | st.builds(Within, whole, st.none() | near, st.none() | near)


@st.composite
def slot_rules(draw: st.DrawFn, day: date) -> SlotRules:
    """Draw rules, most of them lenient, so that something is left on offer."""
    limits = st.sampled_from([None] * 9 + [1, 2, 4])
    return SlotRules(
        duration=draw(minutes(5, 15, 15, 30, 30, 45, 60, 60, 90, 90, 240, 1500)),
        interval=draw(st.none() | minutes(5, 7, 15, 20, 30, 45, 60, 90)),
        buffer_before=draw(minutes(0, 0, 5, 10, 30, 120)),
        buffer_after=draw(minutes(0, 0, 5, 10, 30, 120)),
        minimum_notice=draw(minutes(0, 0, 0, 1, 60, DAY_MINUTES)),
        booking_window=draw(st.just(Unlimited()) | booking_windows(day)),
        max_per_day=draw(limits),
        max_per_week=draw(limits),
        max_per_month=draw(limits),
        max_minutes_per_day=draw(st.sampled_from([None] * 9 + [20, 100, 300])),
    )


@st.composite
def meetings(draw: st.DrawFn, midnight: datetime) -> Busy:
    """Draw a meeting within some days, or within the months before and after that limits may look at."""
    near, far = st.integers(-2 * 288, 6 * 288), st.integers(-40 * 288, 40 * 288)
    starts_at = midnight + timedelta(minutes=5 * draw(near | near | far))
    return Busy(
        starts_at,
        starts_at + draw(minutes(1, 15, 30, 60, 300)),
        draw(minutes(0, 0, 0, 0, 10, 60, 60, DAY_MINUTES)),
        draw(minutes(0, 0, 0, 0, 10, 60, 60, DAY_MINUTES)),
        counts=draw(st.booleans()),
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Draw a range of up to four days, with a now near its beginning."""
    zone = ZoneInfo(draw(zones))
    day = draw(days(zone))
    midnight = datetime.combine(day, time(0), UTC)
    start = midnight + timedelta(minutes=draw(st.integers(-DAY_MINUTES, DAY_MINUTES)))
    return Question(
        hours=draw(opening_hours(zone, day)),
        rules=draw(slot_rules(day)),
        busy=tuple(draw(st.lists(meetings(midnight), max_size=6))),
        now=start + timedelta(seconds=draw(st.integers(-2 * 86400, 86400))),
        start=start,
        end=start + draw(minutes(1, DAY_MINUTES, 3 * DAY_MINUTES, 4 * DAY_MINUTES + 7)),
    )
