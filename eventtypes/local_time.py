"""Local time: which instant a wall-clock time or a day means in a time zone, also where the clock changes.

Instants are in UTC. A clock change makes some wall-clock times exist twice and others not at all (PEP 495 calls that a
fold and a gap). What opens and what closes reads them differently, so that a clock change never costs open time:

- a time that exists twice opens at the first and closes at the second;
- a time that does not exist means the instant of the change.

A day need not begin at 00:00 (Santiago, Cairo and Havana have days that begin at 01:00), and a few days never were (30
December 2011 in Apia). Here a day begins at its first instant, and one that never was at that of the next day.

All functions raise OverflowError for days and times at the very edges of the calendar (years 1 and 9999).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventtypes.intervals import Interval

ONE_DAY = timedelta(days=1)


def opening_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which something opens that is to open at a wall-clock time."""
    first, second = _readings(wall, zone)
    return first if first <= second else _change_over(wall, second, first, zone)


def closing_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which something closes that is to close at a wall-clock time."""
    first, second = _readings(wall, zone)
    return second if first <= second else _change_over(wall, second, first, zone)


def resolve_local(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of an expiry date that was typed with a time: something closes then."""
    return closing_instant(wall, zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of the day."""
    return opening_instant(datetime.combine(day, time.min), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant that "through the end of that day" means: the first of the next day.

    See also: whole_day_ending_at, its inverse.
    """
    return start_of_day(day + ONE_DAY, zone)


def whole_day_ending_at(instant: datetime, zone: ZoneInfo) -> date | None:
    """Return the day that ends at the instant, or None if the instant lies within a day.

    See also: end_of_day, its inverse. (A day that never was ends together with the day before it, which is returned.)
    """
    day = (instant.astimezone(UTC) - datetime.resolution).astimezone(zone).date()
    return day if day < date.max and end_of_day(day, zone) == instant else None


def span_of_days(first: date, last: date, zone: ZoneInfo) -> Interval:
    """Return the time from the beginning of the first day through the end of the last."""
    return Interval(start_of_day(first, zone), end_of_day(last, zone))


def _readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instant by the offset before a clock change and by the one after it.

    They are the same unless the clock changes thereabouts. The first is the earlier one if the wall-clock time exists
    twice, and the later one if it does not exist (PEP 495).
    """
    local = wall.replace(tzinfo=zone, fold=0)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _change_over(wall: datetime, before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two others at which the clock jumps over a wall-clock time."""
    while after - before > datetime.resolution:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after
