"""Before the mail about links that expire soon: the site, its clock, and a host in Berlin."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from eventtypes.models import Host
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.privatelinks.expiring_links import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _site(settings: Settings, database_clock: DatabaseClock) -> None:
    settings.SITE_URL = "https://book.example.com"
    settings.DEFAULT_FROM_EMAIL = "Sidedoor <sidedoor@example.com>"
    empty_queue()
    database_clock.set(NOW)


@pytest.fixture
def host(host: Host) -> Host:
    """A host in Berlin, where it is 9 in the morning."""
    host.time_zone = "Europe/Berlin"
    host.save()
    return host
