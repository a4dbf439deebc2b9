"""The two verbs that reschedule a booking, and what shows that it has not moved."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from tests.bookings.booking_forms import START
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import stored

HALF_HOUR = timedelta(minutes=30)
RESCHEDULED = [("rescheduled", "host"), ("rescheduled", "invitee")]

type Reschedule = Callable[..., Booking]

BOTH = pytest.mark.parametrize(
    "reschedule",
    [pytest.param(reschedule_by_invitee, id="by invitee"), pytest.param(reschedule_by_host, id="by host")],
)


def assert_not_moved(booking: Booking) -> None:
    assert (stored(booking).starts_at, stored(booking).ics_sequence, queued_mails(booking)) == (START, 0, [])
