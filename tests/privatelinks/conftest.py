"""Fixtures for what hosts do with private links."""

import pytest

from eventtypes.models import EventType, Host
from tests.factories import EventTypeFactory


@pytest.fixture
def event_type(host: Host) -> EventType:
    """An event type of the host who is logged in."""
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type
