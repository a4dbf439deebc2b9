"""Before the mail about links that expire soon: no other waits, it is morning, and a host is in Berlin."""

from datetime import timedelta

import pytest

from eventtypes.models import Host
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.privatelinks.expiring_links import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _morning(database_clock: DatabaseClock) -> None:
    empty_queue()
    database_clock.set(NOW)


@pytest.fixture
def host(host: Host) -> Host:
    """A host in Berlin, where it is 9 in the morning."""
    host.time_zone = "Europe/Berlin"
    host.save()
    return host
