"""Months: the value in `?month=2026-12`, and the calendar that a template lays out as a table."""

import re
from calendar import MONDAY, Calendar, monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTH_PATTERN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of one year."""

    year: int
    month: int

    @staticmethod
    def parse(text: str) -> "Month | None":
        """Read "2026-12", or return None for nonsense; years that are far away become the nearest sane month."""
        match = MONTH_PATTERN.fullmatch(text)
        return match and Month(int(match[1]), int(match[2])).clamped(EARLIEST_MONTH, LATEST_MONTH)

    @staticmethod
    def containing(day: date) -> "Month":
        return Month(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def previous(self) -> "Month":
        return Month.containing(self.first_day - timedelta(days=1))

    def next(self) -> "Month":
        return Month.containing(self.last_day + timedelta(days=1))

    def clamped(self, first: "Month", last: "Month") -> "Month":
        """Return the month itself, or the nearest one from the first through the last."""
        return max(first, min(self, last))


# A margin on both sides of every date that anybody books: the weeks around these months are still within the calendar.
EARLIEST_MONTH = Month(1900, 1)
LATEST_MONTH = Month(2999, 12)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One cell of a month's table; the first and the last week may reach into the months beside it."""

    date: date
    in_month: bool


def calendar_weeks(month: Month) -> tuple[tuple[CalendarDay, ...], ...]:
    """Return the month's weeks from Monday to Sunday, whole ones."""
    return tuple(
        tuple(CalendarDay(day, in_month=day.month == month.month) for day in week)
        for week in Calendar(MONDAY).monthdatescalendar(month.year, month.month)
    )
