"""Random hosts in the database, each with two event types that share a schedule, for the properties of the offer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import strategies as st

from eventtypes.models import BookingWindowKind, DateOverride, EventType, Schedule
from eventtypes.opening_hours import DateHours, WeeklyWindow
from privatelinks.models import PrivateLink
from tests.eventtypes.slot_strategies import AROUND_THE_CLOCK, days, wall_windows, weekly_windows, zones
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory, ScheduleFactory

MIDNIGHT = time(0)
DURATIONS = [5, 15, 30, 45, 60, 90, 240]


@dataclass(frozen=True)
class Drawn:
    """What a host is made of, before it is in the database."""

    zone: ZoneInfo
    now: datetime
    weekly: tuple[WeeklyWindow, ...]
    overrides: list[DateHours]
    event_types: list[dict[str, Any]]
    # What a link to each of them narrows.
    own_offers: list[dict[str, Any]]


@contextmanager
def undone() -> Iterator[None]:
    """Take back afterwards whatever is stored within: each example begins with the same database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def store(drawn: Drawn) -> list[EventType]:
    """Store a host with the schedule, and return the event types."""
    rules = [(window.weekday, window.start, window.end) for window in drawn.weekly]
    schedule: Schedule = ScheduleFactory(host=HostFactory(), time_zone=drawn.zone, rules=rules)
    for hours in drawn.overrides:
        rows = hours.windows or [(None, None)]
        DateOverride.objects.bulk_create(
            DateOverride(schedule=schedule, date=hours.day, start_time=start, end_time=end) for start, end in rows
        )
    return [EventTypeFactory(host=schedule.host, schedule=schedule, **each) for each in drawn.event_types]


def store_links(drawn: Drawn, event_types: list[EventType]) -> list[PrivateLink]:
    """Store a link with its own offer to each event type, and return them."""
    return [
        PrivateLinkFactory(event_type=event_type, max_uses=None, **own_offer)
        for event_type, own_offer in zip(event_types, drawn.own_offers, strict=True)
    ]


# The database refuses windows that end before they start.
real_windows = wall_windows().filter(lambda window: window[1] == MIDNIGHT or window[0] < window[1])
real_weekly_windows = weekly_windows.filter(lambda window: window.end == MIDNIGHT or window.start < window.end)


def _booking_windows(day: date) -> st.SearchStrategy[dict[str, Any]]:
    near = st.integers(-3, 20).map(lambda number: day + timedelta(days=number))
    dates = st.tuples(near, near).map(sorted)
    in_days = st.sampled_from([BookingWindowKind.DAYS, BookingWindowKind.BUSINESS_DAYS])
    return (
        st.just({"booking_window_kind": BookingWindowKind.UNLIMITED})
        | st.fixed_dictionaries({"booking_window_kind": in_days, "booking_window_days": st.integers(1, 40)})
        | dates.map(
            lambda pair: {
                "booking_window_kind": BookingWindowKind.DATES,
                "booking_window_starts_on": pair[0],
                "booking_window_ends_on": pair[1],
            }
        )
    )


@st.composite
def _event_types(draw: st.DrawFn, day: date) -> dict[str, Any]:
    """Draw an event type's settings, most of them lenient, so that something is left on offer."""
    default, *others = draw(st.lists(st.sampled_from(DURATIONS), min_size=1, max_size=3, unique=True))
    limits = st.sampled_from([None] * 6 + [1, 2, 4])
    buffers = st.sampled_from([0, 0, 5, 10, 30, 120, 1440])
    return {
        "duration_minutes": default,
        "duration_options": others,
        "slot_interval_minutes": draw(st.sampled_from([None, None, 5, 7, 15, 20, 60])),
        "buffer_before_minutes": draw(buffers),
        "buffer_after_minutes": draw(buffers),
        "minimum_notice_minutes": draw(st.sampled_from([0, 0, 1, 60, 1440])),
        "max_bookings_per_day": draw(limits),
        "max_bookings_per_week": draw(limits),
        "max_bookings_per_month": draw(limits),
        "max_minutes_per_day": draw(st.sampled_from([None] * 6 + [20, 100, 300])),
        **draw(_booking_windows(day)),
    }


@st.composite
def _own_offers(draw: st.DrawFn, day: date, durations: list[int]) -> dict[str, Any]:
    """Draw what a link narrows: often nothing, now and then to a duration that its event type does not have."""
    near = st.integers(-3, 20).map(lambda number: day + timedelta(days=number))
    first, last = draw(st.tuples(st.none() | near, st.none() | near))
    if first is not None and last is not None:
        first, last = sorted([first, last])
    return {
        "offer_starts_on": first,
        "offer_ends_on": last,
        "offer_duration_minutes": draw(st.sampled_from([None, *durations, *durations, 20])),
        "offer_notice_minutes": draw(st.sampled_from([None, None, 0, 1, 60, 1440, 10_000])),
    }


def _durations(settings: dict[str, Any]) -> list[int]:
    return [settings["duration_minutes"], *settings["duration_options"]]


@st.composite
def hosts(draw: st.DrawFn) -> Drawn:
    """Draw a host, as often as not just before the clock changes."""
    zone = ZoneInfo(draw(zones))
    day = draw(days(zone))
    weekly = draw(st.just(AROUND_THE_CLOCK) | st.lists(real_weekly_windows, min_size=5, max_size=12).map(tuple))
    near = st.integers(0, 5).map(lambda number: day + timedelta(days=number))
    overrides = st.builds(DateHours, near, st.lists(real_windows, max_size=2).map(tuple))
    event_types = [draw(_event_types(day)) for _ in range(2)]
    return Drawn(
        zone=zone,
        now=datetime.combine(day, MIDNIGHT, UTC) + timedelta(minutes=draw(st.integers(-720, 720))),
        weekly=weekly,
        overrides=draw(st.lists(overrides, max_size=2)),
        event_types=event_types,
        own_offers=[draw(_own_offers(day, _durations(each))) for each in event_types],
    )
