"""A link that is sent to Iris by mail."""

import pytest

from eventtypes.models import Host
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory

KEY = "3f0e2b58-7a52-4c7e-9a59-0d6a3a2f7c11"


@pytest.fixture
def link(host: Host) -> PrivateLink:
    """A link for Iris, with one use."""
    event_type = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    link: PrivateLink = PrivateLinkFactory.create(
        event_type=event_type, name="Secret name", invitee_name="Iris Invitee", invitee_email="iris@example.com"
    )
    return link
