"""The day after Iris came, through a private link; and a meeting ahead to which somebody brings her."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking
from bookings.traces import LINK_MAIL
from eventtypes.models import EventType
from eventtypes.sealing import unseal
from privatelinks.models import PrivateLink
from privatelinks.services.sending import send_link
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import BookingFactory

AFTERWARDS = START + timedelta(days=1)
IRIS = "iris@example.com"


@pytest.fixture
def afterwards(database_clock: DatabaseClock) -> None:
    """The day after START."""
    database_clock.set(AFTERWARDS)


@pytest.fixture
def met(event_type: EventType, link: PrivateLink, afterwards: None) -> Booking:
    """Iris has come, through a link whose only use she spent."""
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=1)
    booking: Booking = BookingFactory(
        event_type=event_type,
        starts_at=START,
        private_link=link,
        private_link_name="For Grace",
        holds_use=True,
        notes="I am Iris.",
        guests=["bo@example.com"],
        answers=[{"question": "Who?", "kind": "line", "answer": "Iris"}],
    )
    booking.events.create(happened_at=NOW, kind="booked", by="invitee", details={"reason": "Iris asks"})
    return booking


@pytest.fixture
def invited(event_type: EventType, clock: None) -> Booking:
    """Grace has booked, and brings Iris and Bo."""
    booking: Booking = BookingFactory(
        event_type=event_type,
        starts_at=START,
        invitee_email="grace@example.com",
        guests=["Iris@Example.com", "bo@example.com"],
    )
    return booking


def settings_of(link: PrivateLink) -> tuple[str, str, str, list[str], bool]:
    link = PrivateLink.objects.get(pk=link.pk)
    return link.name, link.invitee_name, link.invitee_email, link.allowed_invitees, link.is_paused


@pytest.fixture
def sent(link: PrivateLink, clock: None) -> PrivateLink:
    """A link on its way to Iris and to Bo."""
    empty_queue()
    for recipient in ("Iris@example.com", "bo@example.com"):
        send_link(link=link, recipient=recipient, text=f"Dear {recipient}", request_key=uuid.uuid4())
    return link


def sealed() -> list[dict[str, Any]]:
    return [unseal(job.args["sealed"]) for job in ProcrastinateJob.objects.filter(task_name=LINK_MAIL).order_by("pk")]
