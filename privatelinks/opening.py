"""An opening date as hosts type and read it: a day, with or without a time, and the instant that it means in a zone."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self
from zoneinfo import ZoneInfo

from eventtypes.local_time import opening_instant, start_of_day


@dataclass(frozen=True, slots=True)
class Opening:
    """From when on a link can be booked through: a time of a day, or, without a time, the start of that day."""

    day: date
    wall_time: time | None = None

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> Self:
        """Return the day and time that mean the instant in the zone.

        See also: Opening.instant, its inverse.
        """
        local = instant.astimezone(zone)
        if instant == start_of_day(local.date(), zone):
            return cls(local.date())
        return cls(local.date(), local.time())

    def instant(self, zone: ZoneInfo) -> datetime:
        """Return the instant, in UTC, that the day and time mean in the zone.

        Raises:
            OverflowError: The day is at the very edge of the calendar (years 1 and 9999).

        See also: Opening.of, its inverse.
        """
        if self.wall_time is None:
            return start_of_day(self.day, zone)
        return opening_instant(datetime.combine(self.day, self.wall_time), zone)
