"""Bookings that tests make as invitees do, by the service, to be confirmed or not; and reading them again."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking
from bookings.services.booking import Invitee, book
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock

LATER = NOW + timedelta(hours=1)
IRIS = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Europe/Berlin"))


def booked_through(link: PrivateLink, clock: DatabaseClock, starts_at: datetime = START) -> Booking:
    """Return a booking that was made through the link at NOW; its mails have been sent."""
    clock.set(NOW)
    booking = book(
        event_type=link.event_type,
        starts_at=starts_at,
        invitee=IRIS,
        request_key=uuid.uuid4(),
        private_link=link,
    )
    empty_queue()
    return booking


def requested_through(link: PrivateLink, clock: DatabaseClock, starts_at: datetime = START) -> Booking:
    """Return a booking that waits for its host, whose event type asks for confirmation from now on."""
    EventType.objects.filter(pk=link.event_type_id).update(requires_confirmation=True)
    return booked_through(link, clock, starts_at)


@pytest.fixture
def booked(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A confirmed booking of an hour ago; the link is used up by it."""
    booking = booked_through(link, database_clock)
    database_clock.set(LATER)
    return booking


@pytest.fixture
def requested(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A booking that waits for the host since an hour ago; the link is used up by it."""
    booking = requested_through(link, database_clock)
    database_clock.set(LATER)
    return booking


def stored(booking: Booking) -> Booking:
    """Return the booking as it is stored by now."""
    return Booking.objects.get(pk=booking.pk)
