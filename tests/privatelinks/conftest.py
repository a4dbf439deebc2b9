"""Fixtures for what hosts do with private links."""

import pytest
from django.test import Client

from eventtypes.models import EventType, Host
from tests.factories import EventTypeFactory, HostFactory
from tests.logging_in import log_in


@pytest.fixture
def event_type(host: Host) -> EventType:
    """An event type of the host who is logged in."""
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


@pytest.fixture
def staff_client(client: Client, db: None) -> Client:
    """A client with a member of staff logged in who may do anything."""
    log_in(client, HostFactory.create(username="staff", is_staff=True, is_superuser=True))
    return client
