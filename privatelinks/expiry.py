"""An expiry date as hosts type and read it: a day, with or without a time, and the instant that it means in a zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from eventtypes.local_time import end_of_day, resolve_local, whole_day_ending_at

ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a link ends: at a time of a day, or, without a time, with the end of that day."""

    day: date
    wall_time: time | None = None

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> Self:
        """Return the day and time that mean the instant in the zone.

        Of two instants with the same time, on the night that the clocks go back, a time means the later one.

        See also: Expiry.instant, its inverse for all others.
        """
        day = whole_day_ending_at(instant, zone)
        if day is not None:
            return cls(day)
        local = instant.astimezone(zone)
        return cls(local.date(), local.time())

    def instant(self, zone: ZoneInfo) -> datetime:
        """Return the instant, in UTC, that the day and time mean in the zone.

        Raises:
            OverflowError: The day is at the very edge of the calendar (years 1 and 9999).

        See also: Expiry.of, its inverse.
        """
        if self.wall_time is None:
            return end_of_day(self.day, zone)
        return resolve_local(datetime.combine(self.day, self.wall_time), zone)


def a_week_after(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the day that is a week after the one that ends at the instant, or in which it lies.

    Raises:
        OverflowError: The day is at the very edge of the calendar (years 1 and 9999).
    """
    return end_of_day(Expiry.of(instant, zone).day + ONE_WEEK, zone)
