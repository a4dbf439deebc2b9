"""What the picker offers is what the booking accepts, over random hosts, with bookings made in between."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.models import Booking
from bookings.month_offer import offer_month
from bookings.services.booking import Invitee, SlotUnavailableError, book
from bookings.services.cancelling import cancel_by_invitee
from bookings.slots import Offer
from eventtypes.intervals import Interval
from eventtypes.local_time import span_of_days
from eventtypes.models import EventType
from eventtypes.months import Month
from eventtypes.narrowing import Narrowing
from eventtypes.slot_rules import Slot
from privatelinks.models import PrivateLink
from tests.bookings.random_hosts import Drawn, hosts, store, store_links, undone
from tests.clock import DatabaseClock
from tests.eventtypes.slot_strategies import zones
from tests.scale import scaled

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """An invitee asks for a slot of some month, or one so many grid steps from the last booking, or just beside it."""

    event_type: int
    duration: int
    months_ahead: int
    slot: int
    grid_steps: int
    minutes_beside: int
    cancels: bool
    through_link: bool


steps = st.lists(
    st.builds(
        Step,
        event_type=st.integers(0, 1),
        duration=st.integers(0, 2),
        months_ahead=st.sampled_from([0, 0, 0, 1, 5]),
        slot=st.integers(0, 40) | st.integers(0, 5000),
        grid_steps=st.integers(-4, 4),
        minutes_beside=st.sampled_from([0] * 6 + [1, -1, 7, 30, 1440, 2880]),
        cancels=st.sampled_from([False, False, False, True]),
        through_link=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


def month_ahead(now: datetime, months: int, zone: ZoneInfo) -> Month:
    month = Month.containing(now.astimezone(zone).date())
    for _ in range(months):
        month = month.next()
    return month


def try_to_book(
    event_type: EventType, starts_at: datetime, duration: int, zone: ZoneInfo, link: PrivateLink | None = None
) -> Slot | None:
    """Book, and return the slot that was taken, or None if there was none to take."""
    invitee = Invitee("Iris Invitee", "iris@example.com", zone)
    try:
        booking = book(
            event_type=event_type,
            starts_at=starts_at,
            invitee=invitee,
            request_key=uuid.uuid4(),
            private_link=link,
            duration_minutes=duration,
        )
    except SlotUnavailableError:
        return None
    return Slot(booking.starts_at, booking.ends_at)


def offer_of(event_type: EventType, now: datetime, duration: int, link: PrivateLink | None) -> Offer:
    return Offer(event_type, now, duration, narrowing=Narrowing() if link is None else link.narrowing)


def wanted_start(offer: Offer, step: Step, last: Slot | None, zone: ZoneInfo) -> datetime:
    """Return the instant that the step asks for; what is near the last booking is often refused for its sake."""
    if last is not None and step.grid_steps:
        return last.starts_at + step.grid_steps * offer.rules.step + step.minutes_beside * MINUTE
    month = offer_month(offer, month_ahead(offer.now, step.months_ahead, zone), zone)
    slots = [slot for of_day in month.slots.values() for slot in of_day]
    start = slots[step.slot % len(slots)].starts_at if slots else offer.now.replace(second=0) + step.slot * MINUTE
    return start + step.minutes_beside * MINUTE


@settings(max_examples=scaled(2_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hosts(), zones, steps)
def test_picker_offers_exactly_what_the_booking_accepts(drawn: Drawn, zone_name: str, steps: list[Step]) -> None:
    zone = ZoneInfo(zone_name)
    with undone():
        event_types = store(drawn)
        links = store_links(drawn, event_types)
        DatabaseClock().set(drawn.now)
        last: Slot | None = None
        for step in steps:
            event_type = event_types[step.event_type]
            duration = event_type.durations[step.duration % len(event_type.durations)]
            link = links[step.event_type] if step.through_link else None
            offer = offer_of(event_type, drawn.now, duration, link)
            starts_at = wanted_start(offer, step, last, zone)

            shown = offer_month(offer, Month.containing(starts_at.astimezone(zone).date()), zone)
            offered = shown.slot_at(starts_at)
            booked = try_to_book(event_type, starts_at, duration, zone, link)

            assert booked == offered
            last = booked or last
            if booked and step.cancels:
                cancel_by_invitee(booking=Booking.objects.get(starts_at=starts_at, cancelled_at=None))


@settings(max_examples=scaled(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hosts(), zones, st.lists(st.integers(0, 300), max_size=3), st.integers(0, 2), st.booleans())
def test_slots_of_a_month_are_the_slots_of_its_days(
    drawn: Drawn, zone_name: str, booked: list[int], duration: int, through_link: bool
) -> None:
    zone = ZoneInfo(zone_name)
    with undone():
        event_type = store(drawn)[0]
        DatabaseClock().set(drawn.now)
        link = store_links(drawn, [event_type, event_type])[0] if through_link else None
        minutes = event_type.durations[duration % len(event_type.durations)]
        offer = offer_of(event_type, drawn.now, minutes, link)
        month = month_ahead(drawn.now, 0, zone)
        span = span_of_days(month.first_day, month.last_day, zone)
        for number in booked:
            slots = offer.slots(span.start, span.end)
            if slots:
                try_to_book(event_type, slots[number % len(slots)].starts_at, minutes, zone, link)
        days = [month.first_day + timedelta(days=number) for number in range(month.last_day.day)]

        of_month = offer.slots(span.start, span.end)
        spans = [span_of_days(day, day, zone) for day in days]
        of_days = [slot for of_day in spans for slot in offer.slots(of_day.start, of_day.end)]

    assert of_month == of_days


@settings(max_examples=scaled(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hosts(), st.integers(0, 2))
def test_link_with_the_notice_of_its_event_type_offers_nothing_that_the_event_type_does_not(
    drawn: Drawn, duration: int
) -> None:
    with undone():
        event_types = store(drawn)
        link = store_links(drawn, event_types)[0]
        link.offer_notice_minutes = None
        event_type = link.event_type
        minutes = event_type.durations[duration % len(event_type.durations)]
        span = Interval(drawn.now, drawn.now + timedelta(days=60))

        of_link = offer_of(event_type, drawn.now, minutes, link).slots(span.start, span.end)
        of_event_type = offer_of(event_type, drawn.now, minutes, None).slots(span.start, span.end)

    zone = event_type.schedule.time_zone
    first, last = link.offer_starts_on or date.min, link.offer_ends_on or date.max
    is_duration = link.offer_duration_minutes in (None, minutes)
    assert of_link == [
        slot for slot in of_event_type if is_duration and first <= slot.starts_at.astimezone(zone).date() <= last
    ]
