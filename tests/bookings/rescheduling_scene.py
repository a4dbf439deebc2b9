"""A booking of an hour ago, the two verbs that reschedule it, and what shows that it has not moved."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import booked_through, stored
from tests.clock import DatabaseClock

LATER = NOW + timedelta(hours=1)
HALF_HOUR = timedelta(minutes=30)
RESCHEDULED = [("rescheduled", "host"), ("rescheduled", "invitee")]

type Reschedule = Callable[..., Booking]

BOTH = pytest.mark.parametrize(
    "reschedule",
    [pytest.param(reschedule_by_invitee, id="by invitee"), pytest.param(reschedule_by_host, id="by host")],
)


@pytest.fixture
def booked(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A confirmed booking of an hour ago; the link is used up by it."""
    booking = booked_through(link, database_clock)
    database_clock.set(LATER)
    return booking


def assert_not_moved(booking: Booking) -> None:
    assert (stored(booking).starts_at, stored(booking).ics_sequence, queued_mails(booking)) == (START, 0, [])
