"""The time zones that there are, and when their clocks change next."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

# The machine's own zone and two placeholders are no places.
ZONE_NAMES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

MINUTE = timedelta(minutes=1)
# Nobody's clock changes twice in so short a time.
LOOK_EVERY = timedelta(days=5)
LOOK_AHEAD = timedelta(days=3 * 366)


@cache
def next_changes(zone: ZoneInfo, count: int = 4) -> tuple[datetime, ...]:
    """Return the next instants at which the zone's clock changes; few or none in some zones."""
    return tuple(islice(_changes(zone), count))


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    instant, offset = NOW, _offset(NOW, zone)
    while instant < NOW + LOOK_AHEAD:
        later = instant + LOOK_EVERY
        later_offset = _offset(later, zone)
        if later_offset != offset:
            yield _first_minute_without(offset, instant, zone)
        instant, offset = later, later_offset


def _first_minute_without(offset: timedelta | None, instant: datetime, zone: ZoneInfo) -> datetime:
    minutes = range(LOOK_EVERY // MINUTE)
    return instant + MINUTE * bisect_left(
        minutes, x=True, key=lambda minute: _offset(instant + minute * MINUTE, zone) != offset
    )


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
