"""Fixtures for bookings: it is Tuesday, and an event type can be booked on weekdays from 9 to 17 in Berlin."""

import pytest

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, PrivateLinkFactory


@pytest.fixture
def clock(database_clock: DatabaseClock) -> None:
    """Stop the database's clock at NOW."""
    database_clock.set(NOW)


@pytest.fixture
def event_type(host: Host) -> EventType:
    """A public event type of 30 minutes: ada's discovery call."""
    return EventTypeFactory(host=host, title="Discovery call", slug="discovery-call")


@pytest.fixture
def link(event_type: EventType) -> PrivateLink:
    """A private link with one use left."""
    return PrivateLinkFactory(event_type=event_type, name="For Grace")
