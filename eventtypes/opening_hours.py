"""Opening hours: a schedule's weekly windows and date overrides, and the open time that they make of given days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from eventtypes.intervals import Interval, merge
from eventtypes.local_time import ONE_DAY, closing_instant, end_of_day, opening_instant

# As an end: midnight at the end of the day.
MIDNIGHT = time.min

# From and to, on one day.
type WallWindow = tuple[time, time]


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """Open time on one day of every week (0 is Monday); an end of 00:00 is midnight at the end of the day."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class DateHours:
    """The windows of one date, which replace the weekly ones; without any, it is a day off."""

    day: date
    windows: tuple[WallWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A schedule: wall-clock times in one time zone."""

    zone: ZoneInfo
    weekly: tuple[WeeklyWindow, ...] = ()
    overrides: tuple[DateHours, ...] = ()


def openings(hours: OpeningHours, first: date, last: date) -> list[Interval]:
    """Return the open time of the days from the first through the last, in order.

    The windows of one day that overlap or touch are one opening. An opening never reaches into the next day, even
    where the windows go on there: that is an opening of its own.
    """
    weekly: defaultdict[int, list[WallWindow]] = defaultdict(list)
    for window in hours.weekly:
        weekly[window.weekday].append((window.start, window.end))
    overrides: defaultdict[date, list[WallWindow]] = defaultdict(list)
    for override in hours.overrides:
        overrides[override.day].extend(override.windows)

    found: list[Interval] = []
    day = first
    while day <= last:
        windows = overrides[day] if day in overrides else weekly[day.weekday()]
        if windows:
            found += _openings_of_day(day, windows, hours.zone)
        day += ONE_DAY
    return found


def _openings_of_day(day: date, windows: Iterable[WallWindow], zone: ZoneInfo) -> list[Interval]:
    """Turn wall-clock windows into instants, once each, and merge them."""
    midnight = end_of_day(day, zone)
    return merge(
        Interval(opening_instant(datetime.combine(day, start), zone), _closing(day, end, midnight, zone))
        for start, end in windows
    )


def _closing(day: date, end: time, midnight: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which a window closes: at the latest when its day ends.

    (Where the clock was put back from just after midnight, the second 23:30 came when the next day had begun.)
    """
    return midnight if end == MIDNIGHT else min(closing_instant(datetime.combine(day, end), zone), midnight)
