"""An event type to which invitees may bring guests, and what is asked of them."""

import pytest

from bookings.asking import Asked
from eventtypes.models import EventType

WITH_GUESTS = Asked(allows_guests=True)


@pytest.fixture
def open_type(event_type: EventType) -> EventType:
    """An event type to which invitees may bring guests."""
    event_type.allows_guests = True
    event_type.save()
    return event_type
