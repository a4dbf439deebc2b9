"""An invitee's booking: for somebody in New York, and through a link; looking at its pages, and cancelling it."""

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START, booking_fields
from tests.factories import BookingFactory


@pytest.fixture
def booking(event_type: EventType) -> Booking:
    """Thursday, 10:00 to 10:30 in Berlin, for an invitee in New York."""
    return BookingFactory(
        event_type=event_type,
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        location="https://video.example.com/ada",
        invitee_time_zone="America/New_York",
        notes="See you <b>there</b>.",
    )


@pytest.fixture
def through_link(client: Client, link: PrivateLink) -> Booking:
    """A booking that has spent the link's only use."""
    client.post(link.get_absolute_url(), booking_fields())
    return Booking.objects.get()


def page_of(client: Client, booking: Booking, path: str = "") -> str:
    text: str = client.get(f"/booking/{booking.uid}/{path}").text
    return text


def cancel(client: Client, booking: Booking) -> None:
    client.post(f"/booking/{booking.uid}/cancel/")
    booking.refresh_from_db()
