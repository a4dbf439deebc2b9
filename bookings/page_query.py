"""What the query of a booking page says, and addresses that say it.

`?duration=…&month=…&date=…&tz=…&clock=…&start=…`
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dateutil.parser import isoparse

from bookings.reading_time import Clock
from eventtypes.months import EARLIEST_MONTH, LATEST_MONTH, Month
from eventtypes.time_zones import real_zone


@dataclass(frozen=True, slots=True)
class PageQuery:
    """What was asked for; nonsense counts as missing, and what is missing is None."""

    # In minutes; None is the event type's default.
    duration: int | None = None
    month: Month | None = None
    day: date | None = None
    zone: ZoneInfo | None = None
    start: datetime | None = None
    clock: Clock | None = None

    @staticmethod
    def parse(query: Mapping[str, str]) -> "PageQuery":
        """Read a query."""
        return PageQuery(
            duration=_parse_duration(query.get("duration", "")),
            month=Month.parse(query.get("month", "")),
            day=parse_date(query.get("date", "")),
            zone=real_zone(query.get("tz", "")),
            start=parse_instant(query.get("start", "")),
            clock=_parse_clock(query.get("clock", "")),
        )

    def choosing_from(self, durations: Sequence[int]) -> "PageQuery":
        """Return the query for an event type: a duration that is not on offer, or is the first, counts as missing."""
        return replace(self, duration=self.duration if self.duration in durations[1:] else None)

    def fields(self) -> dict[str, str]:
        """Return the query as names and values, without what is missing."""
        fields = {
            "duration": self.duration,
            "month": self.month,
            "date": self.day,
            "tz": self.zone,
            "clock": self.clock,
            "start": self.start and format_instant(self.start),
        }
        return {name: str(value) for name, value in fields.items() if value is not None}

    @property
    def address(self) -> str:
        """The query as an address relative to the page: it names neither the page nor, so, a link's hash."""
        return f"?{urlencode(self.fields(), safe='/:')}"


def parse_instant(text: str) -> datetime | None:
    """Read an instant in UTC, "2026-12-03T09:00:00Z", or return None for nonsense.

    Instants at the edges of the calendar, where arithmetic overflows, are nonsense too.
    """
    try:
        instant = isoparse(text)
    except (ValueError, OverflowError):
        return None
    if instant.utcoffset() != timedelta(0) or not EARLIEST_MONTH.year <= instant.year <= LATEST_MONTH.year:
        return None
    return instant.replace(tzinfo=UTC)


def format_instant(instant: datetime) -> str:
    """Return the instant as `parse_instant` reads it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def parse_date(text: str) -> date | None:
    """Read a date, "2026-12-03" and in no other way, or return None for nonsense."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if str(day) == text else None


def _parse_duration(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else None


def _parse_clock(text: str) -> Clock | None:
    return Clock(text) if text in list(Clock) else None
