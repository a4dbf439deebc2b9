"""A schedule's week in a few words: "Mon – Fri 09:00 – 17:00"."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from eventtypes.models import Schedule
from eventtypes.views.week import WeekDay, week_of


@dataclass(frozen=True, slots=True)
class SameDays:
    """Days one after the other with the same hours."""

    days: str
    hours: str


def week_in_words(schedule: Schedule) -> list[SameDays]:
    """Return the days with hours from Monday on (one query, or none if the rules are prefetched)."""
    return list(_same_days(week_of(schedule)))


def _same_days(week: list[WeekDay]) -> Iterator[SameDays]:
    for windows, group in groupby(week, key=lambda day: day.windows):
        days = list(group)
        if windows:
            names = days[:1] if len(days) == 1 else [days[0], days[-1]]
            yield SameDays(" – ".join(day.short_name for day in names), ", ".join(windows))
