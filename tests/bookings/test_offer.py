"""What asking for slots costs: as many queries for any number of rules, overrides and bookings."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from bookings.slots import Offer
from eventtypes.models import AvailabilityRule, BookingWindowKind, DateOverride, EventType
from eventtypes.nothing_bookable import NothingBookable
from tests.bookings.booking_forms import NOW, START
from tests.factories import BookingFactory, EventTypeFactory

DECEMBER = (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NEVER = {
    "booking_window_kind": BookingWindowKind.DATES,
    "booking_window_starts_on": date(2026, 11, 1),
    "booking_window_ends_on": date(2026, 11, 30),
}


def add(event_type: EventType, number: int) -> None:
    """Add so many windows to every day, dates that differ, and bookings of this and of another event type."""
    schedule = event_type.schedule
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(schedule=schedule, weekday=day, start_time=time(window), end_time=time(window, 30))
        for day in range(7)
        for window in range(number)
    )
    DateOverride.objects.bulk_create(
        DateOverride(schedule=schedule, date=date(2026, 12, 10) + timedelta(days=day)) for day in range(number)
    )
    other = EventTypeFactory(host=event_type.host, schedule=schedule)
    for each in (event_type, other):
        for day in range(number):
            starts_at = START + timedelta(days=day, hours=each.pk % 2)
            BookingFactory(event_type=each, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))


@pytest.mark.parametrize("number", [0, 1, 20])
def test_slots_of_a_month_take_three_queries(
    event_type: EventType, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    EventType.objects.update(max_bookings_per_week=9, max_bookings_per_month=30, max_minutes_per_day=300)
    add(event_type, number)
    event_type = EventType.objects.select_related("schedule").get(pk=event_type.pk)

    with django_assert_num_queries(3):
        slots = Offer(event_type, NOW).slots(*DECEMBER)

    assert slots


@pytest.mark.parametrize(
    ("settings", "busy_days", "reason"),
    [
        ({}, 0, None),
        ({}, 70, NothingBookable.BOOKED_OUT),
        ({}, 59, None),
        (NEVER, 0, NothingBookable.WINDOW_OVER),
        ({"duration_minutes": 540}, 0, NothingBookable.HOURS_TOO_SHORT),
    ],
)
def test_offer_explains_why_nothing_is_bookable(
    event_type: EventType, settings: dict[str, Any], busy_days: int, reason: NothingBookable | None
) -> None:
    EventType.objects.update(**settings)
    if busy_days:
        BookingFactory(event_type=event_type, starts_at=NOW, ends_at=NOW + timedelta(days=busy_days))
    event_type.refresh_from_db()

    assert Offer(event_type, NOW).explain_nothing() == reason
