"""The slot rules once more, slow and obvious: minute by minute, for comparison with the engine.

Everything is in whole minutes, and no time zone has an offset of a fraction of one. Wall-clock time is only ever read
off a clock: each minute of UTC is asked what it is called, and no wall-clock time is converted to an instant.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from eventtypes.booking_window import BookingWindow, BusinessDays, CalendarDays, DateRange, Within
from eventtypes.opening_hours import OpeningHours
from eventtypes.slot_rules import Busy, Slot, SlotRules

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def reference_slots(
    hours: OpeningHours, rules: SlotRules, busy: Sequence[Busy], *, now: datetime, start: datetime, end: datetime
) -> list[Slot]:
    """Return what `find_slots` must return."""
    zone = hours.zone
    first = _date(start, zone)
    last = _date(end + rules.duration, zone) + DAY
    runs = [run for day in _days(first, last) for run in _runs_of_day(hours, day)]
    open_minutes = {minute for run in runs for minute in run}
    return [
        Slot(candidate, candidate + rules.duration)
        for run in runs
        for candidate in run[:: rules.step // MINUTE]
        if start <= candidate < end
        and all(_far_enough(candidate, rules, meeting) for meeting in busy)
        and candidate >= now + rules.minimum_notice
        and candidate > now
        and _in_booking_window(_date(candidate, zone), rules.booking_window, _date(now, zone))
        and _within_limits(_date(candidate, zone), rules, [meeting for meeting in busy if meeting.counts], zone)
        and open_minutes.issuperset(_minutes(candidate, candidate + rules.duration))
    ]


def _runs_of_day(hours: OpeningHours, day: date) -> list[list[datetime]]:
    """Return the open minutes of the day, those that follow each other in one list."""
    replaced = [override for override in hours.overrides if override.day == day]
    windows = [window for override in replaced for window in override.windows]
    if not replaced:
        windows = [(window.start, window.end) for window in hours.weekly if window.weekday == day.weekday()]
    clock = _clock(day, hours.zone)
    is_open = {minute for start, end in windows for minute in _window_minutes(clock, start, end)}
    runs: list[list[datetime]] = []
    for minute in sorted(is_open):
        if runs and runs[-1][-1] + MINUTE == minute:
            runs[-1].append(minute)
        else:
            runs.append([minute])
    return runs


def _window_minutes(clock: dict[datetime, time], start: time, end: time) -> list[datetime]:
    """Return the minutes of the day from when its clock first shows the start until it last shows the end.

    A clock that skips one of them opens or closes with the first minute that it shows after it.
    """
    if not clock:
        return []
    over = max(clock) + MINUTE
    opens = min((minute for minute, shown in clock.items() if shown >= start), default=over)
    if end == time(0):
        closes = over
    else:
        at_end = [minute for minute, shown in clock.items() if shown == end]
        closes = (
            max(at_end) if at_end else min((minute for minute, shown in clock.items() if shown > end), default=over)
        )
    return [minute for minute in clock if opens <= minute < closes]


@lru_cache(maxsize=2000)
def _clock(day: date, zone: ZoneInfo) -> dict[datetime, time]:
    """Return the minutes of the day and what the clock shows at each."""
    midnight = datetime.combine(day, time(0), UTC)
    # From Kiritimati, 14 hours ahead of UTC, to the end of the day 12 hours behind it.
    possible = _minutes(midnight - timedelta(hours=14), midnight + timedelta(hours=36))
    walls = ((minute, minute.astimezone(zone)) for minute in possible)
    return {minute: wall.time() for minute, wall in walls if wall.date() == day}


def _far_enough(start: datetime, rules: SlotRules, meeting: Busy) -> bool:
    ends_in_time = start + rules.duration + max(rules.buffer_after, meeting.buffer_before) <= meeting.starts_at
    starts_in_time = meeting.ends_at + max(meeting.buffer_after, rules.buffer_before) <= start
    return ends_in_time or starts_in_time


def _in_booking_window(day: date, window: BookingWindow, today: date) -> bool:
    if day > _two_years_after(today):
        return False
    match window:
        case CalendarDays(ahead):
            return day <= today + ahead * DAY
        case BusinessDays(ahead):
            return _allows_business_days(day, ahead, today)
        case DateRange(first, last):
            return first <= day <= last
        case Within(whole, first, last):
            return _in_booking_window(day, whole, today) and (first or day) <= day <= (last or day)
        case _:
            return True


def _allows_business_days(day: date, ahead: int, today: date) -> bool:
    """Whether the day is today, or no later than the last of the next business days."""
    counted, last = 0, today
    while counted < ahead:
        last += DAY
        counted += last.weekday() < 5
    return day <= last


def _two_years_after(today: date) -> date:
    is_leap_day = (today.month, today.day) == (2, 29)
    return date(today.year + 2, 2, 28) if is_leap_day else today.replace(year=today.year + 2)


def _within_limits(day: date, rules: SlotRules, counted: list[Busy], zone: ZoneInfo) -> bool:
    """Whether one more meeting on the day breaks no limit."""
    dates = [_date(meeting.starts_at, zone) for meeting in counted]
    same_day = [booked for booked in dates if booked == day]
    same_week = [booked for booked in dates if booked.isocalendar()[:2] == day.isocalendar()[:2]]
    same_month = [booked for booked in dates if (booked.year, booked.month) == (day.year, day.month)]
    total = rules.duration + sum(
        (meeting.ends_at - meeting.starts_at for meeting in counted if _date(meeting.starts_at, zone) == day),
        timedelta(0),
    )
    return (
        (rules.max_per_day is None or len(same_day) < rules.max_per_day)
        and (rules.max_per_week is None or len(same_week) < rules.max_per_week)
        and (rules.max_per_month is None or len(same_month) < rules.max_per_month)
        and (rules.max_minutes_per_day is None or total <= timedelta(minutes=rules.max_minutes_per_day))
    )


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += MINUTE


def _date(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
