"""A host's bookings: one that has used up the link it came through, and others as they are needed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.models import Booking, BookingEventKind, Party
from bookings.services.history import remember
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue
from tests.factories import BookingFactory

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(clock: None) -> None:
    empty_queue()


@pytest.fixture
def booking(link: PrivateLink) -> Booking:
    """A booking that came through the link, which it has used up."""
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=1)
    booking: Booking = BookingFactory(
        event_type=link.event_type,
        private_link=link,
        private_link_name="For Grace",
        holds_use=True,
        starts_at=START,
        created_at=NOW - DAY,
        notes="About the garden.",
        location="Room 1",
    )
    remember(booking, BookingEventKind.BOOKED, NOW - DAY, by=Party.INVITEE)
    return booking


def made(event_type: EventType, starts_at: datetime, name: str, **changes: Any) -> Booking:
    booking: Booking = BookingFactory(event_type=event_type, starts_at=starts_at, invitee_name=name, **changes)
    return booking
