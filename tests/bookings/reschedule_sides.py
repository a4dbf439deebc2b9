"""The two sides of a booking that is to be rescheduled: their browsers, and the form that asks them."""

from dataclasses import dataclass

import pytest
from django.test import Client

from bookings.models import Booking, Party
from privatelinks.models import PrivateLink
from tests.bookings.requests_to_book import booked_through
from tests.clock import DatabaseClock
from tests.privatelinks.forms_of_a_page import fields_of

FRIDAY, FRIDAY_AT_TEN = "2026-12-04", "2026-12-04T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Side:
    """A browser of one of the two sides, and its own address of the booking."""

    party: Party
    client: Client
    url: str

    @property
    def page(self) -> str:
        return f"{self.url}reschedule/"


@pytest.fixture
def booked(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A confirmed booking for Thursday at ten in Berlin; the link is used up by it."""
    return booked_through(link, database_clock)


@pytest.fixture(params=[Party.INVITEE, Party.HOST])
def side(request: pytest.FixtureRequest, booked: Booking) -> Side:
    """Each side in turn."""
    if request.param == Party.INVITEE:
        return Side(Party.INVITEE, Client(), f"/booking/{booked.uid}/")
    client = Client()
    client.force_login(booked.host)
    return Side(Party.HOST, client, f"/bookings/{booked.uid}/")


def question(side: Side, start: str = FRIDAY_AT_TEN) -> dict[str, str]:
    """Choose the time and return the fields of the form that asks."""
    return fields_of(side.client.get(f"{side.page}?start={start}").text, having="sequence")
