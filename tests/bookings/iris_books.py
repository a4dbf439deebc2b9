"""Iris books by the service, of an event type or through its link; and the uses of the link that are spent."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking
from bookings.services.booking import Invitee, book
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.clock import DatabaseClock

HALF_HOUR = timedelta(minutes=30)
MOMENT = datetime.resolution
IRIS = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Asia/Tokyo"), "About the garden.")


@pytest.fixture(autouse=True)
def _clock(database_clock: DatabaseClock) -> None:
    empty_queue()
    database_clock.set(NOW)


def book_through(link: PrivateLink, starts_at: datetime = START, **changes: Any) -> Booking:
    return book_openly(link.event_type, starts_at, private_link=link, **changes)


def book_openly(event_type: EventType, starts_at: datetime = START, **changes: Any) -> Booking:
    request: dict[str, Any] = {"starts_at": starts_at, "invitee": IRIS, "request_key": uuid.uuid4()} | changes
    return book(event_type=event_type, **request)


def uses(link: PrivateLink) -> int:
    return PrivateLink.objects.get(pk=link.pk).usage_count


def assert_nothing_is_booked(link: PrivateLink) -> None:
    assert list(Booking.objects.all()) == []
    assert uses(link) == 0
    assert queued_mails() == []
