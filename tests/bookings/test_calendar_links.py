"""Links into the calendars of Google, Outlook and Yahoo: times in UTC, texts encoded, nothing else of the booking."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings

from bookings.calendar_links import google_url, outlook_url, yahoo_url
from bookings.models import Booking
from tests.bookings.booking_forms import START
from tests.factories import BookingFactory


@pytest.fixture
def booking(db: None, settings: LazySettings) -> Booking:
    """A booking with characters that mean something in addresses."""
    settings.SITE_URL = "https://book.example.com"
    return BookingFactory(
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        title="Q&A #1\r\n100 %",
        event_type__host__name="Ada + Grace",
        location="Café = here?",
        notes="Secret",
    )


def fields_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_google_gets_the_meeting(booking: Booking) -> None:
    assert fields_of(google_url(booking)) == {
        "action": "TEMPLATE",
        "text": "Q&A #1 100 % with Ada + Grace",
        "dates": "20261203T090000Z/20261203T093000Z",
        "location": "Café = here?",
        "details": f"See or change your booking: https://book.example.com/booking/{booking.uid}/",
    }


def test_outlook_gets_the_meeting(booking: Booking) -> None:
    assert fields_of(outlook_url(booking)) == {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "Q&A #1 100 % with Ada + Grace",
        "startdt": "2026-12-03T09:00:00Z",
        "enddt": "2026-12-03T09:30:00Z",
        "location": "Café = here?",
        "body": f"See or change your booking: https://book.example.com/booking/{booking.uid}/",
    }


def test_yahoo_gets_the_meeting(booking: Booking) -> None:
    assert fields_of(yahoo_url(booking)) == {
        "v": "60",
        "title": "Q&A #1 100 % with Ada + Grace",
        "st": "20261203T090000Z",
        "et": "20261203T093000Z",
        "in_loc": "Café = here?",
        "desc": f"See or change your booking: https://book.example.com/booking/{booking.uid}/",
    }


def test_spaces_are_percent_encoded(booking: Booking) -> None:
    assert "text=Q%26A%20%231%20100%20%25%20with%20Ada%20%2B%20Grace" in google_url(booking)
