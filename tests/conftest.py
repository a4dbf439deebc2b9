"""Fixtures for all tests: a host, and clients that are logged in or not."""

import pytest
from django.conf import settings
from django.test import Client

from eventtypes.models import Host
from tests.factories import HostFactory


def pytest_configure() -> None:
    """Make passwords quick to check."""
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickPasswordHasher"]


@pytest.fixture
def host(db: None) -> Host:
    """A host with no schedule and no event type yet."""
    return HostFactory(username="ada", name="Ada Host", email="ada@example.com")


@pytest.fixture
def host_client(client: Client, host: Host) -> Client:
    """A client with the host logged in."""
    client.force_login(host)
    return client
