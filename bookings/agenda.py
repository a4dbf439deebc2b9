"""A host's bookings as the host's pages show them: by day, on the clock where the host is."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bookings.models import Booking
from bookings.reading_time import Clock, Reader, day_of_month, full_date
from eventtypes.models import Host


@dataclass(frozen=True, slots=True)
class Meeting:
    """One booking in a list."""

    booking: Booking
    time: str


@dataclass(frozen=True, slots=True)
class Day:
    """The meetings that begin on one date."""

    title: str
    meetings: list[Meeting]


def reader_for(host: Host) -> Reader:
    """Return how the host reads times."""
    return Reader(host.time_zone, Clock.TWENTY_FOUR)


def by_day(bookings: Iterable[Booking], reader: Reader) -> list[Day]:
    """Return the days of bookings that are in the order of their starts, forwards or backwards."""
    days = groupby(bookings, key=lambda booking: reader.date(booking.starts_at))
    return [Day(full_date(day), [Meeting(each, _time(each, reader)) for each in of_day]) for day, of_day in days]


def _time(booking: Booking, reader: Reader) -> str:
    """Return "23:30 – 00:30 (Friday 4 December)"; the second day is named only if it is another one."""
    first, last = reader.date(booking.starts_at), reader.date(booking.ends_at)
    time = f"{reader.time(booking.starts_at)} – {reader.time(booking.ends_at)}"
    return time if first == last else f"{time} ({day_of_month(last)})"
