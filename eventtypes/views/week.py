"""A schedule as people look at it: the hours of a week, and the dates to come that differ."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from eventtypes.models import Schedule

MIDNIGHT = time.min


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of every week, with its windows such as "09:00 – 17:00"; none means not available."""

    name: str
    short_name: str
    windows: list[str]


@dataclass(frozen=True, slots=True)
class OverriddenDate:
    """A date with hours of its own; no windows means a day off."""

    date: date
    windows: list[str]


def week_of(schedule: Schedule) -> list[WeekDay]:
    """Return the schedule's days from Monday (one query, or none if its rules are prefetched)."""
    windows: defaultdict[int, list[str]] = defaultdict(list)
    for rule in schedule.rules.all():
        windows[rule.weekday].append(_in_words(rule.start_time, rule.end_time))
    return [WeekDay(str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day]), windows[day]) for day in range(7)]


def upcoming_overrides(schedule: Schedule, now: datetime) -> list[OverriddenDate]:
    """Return the dates with hours of their own, from today in the schedule's zone on (one query)."""
    windows: defaultdict[date, list[str]] = defaultdict(list)
    for override in schedule.overrides.filter(date__gte=now.astimezone(schedule.time_zone).date()):
        of_date = windows[override.date]
        if override.start_time is not None and override.end_time is not None:
            of_date.append(_in_words(override.start_time, override.end_time))
    return [OverriddenDate(day, of_date) for day, of_date in windows.items()]


def _in_words(start: time, end: time) -> str:
    """Return the window, with midnight at the end of the day as 24:00."""
    return f"{start:%H:%M} – {'24:00' if end == MIDNIGHT else f'{end:%H:%M}'}"
