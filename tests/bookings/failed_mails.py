"""A meeting ahead, and mails about it that could not be delivered."""

from typing import Any

import pytest

from bookings.emails import MailKind
from bookings.models import Booking, MailFailure, MailName, Recipient
from eventtypes.models import EventType
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import BookingFactory

REASON = "550 5.1.1 User unknown"


@pytest.fixture
def booking(event_type: EventType, database_clock: DatabaseClock) -> Booking:
    """A meeting ahead, with a guest."""
    empty_queue()
    database_clock.set(NOW)
    booking: Booking = BookingFactory(event_type=event_type, starts_at=START, guests=["bo@example.com"])
    return booking


def failed(booking: Booking, kind: MailKind = MailKind.CONFIRMED, to: str = "invitee", **which: Any) -> MailFailure:
    name = MailName(booking.pk, kind, Recipient(to), which.pop("ics_sequence", booking.ics_sequence), **which)
    MailFailure.objects.note(name, reason=REASON, now=NOW)
    return MailFailure.objects.of(name).get()
