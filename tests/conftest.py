"""For all tests: what makes them quick, a host, and clients that are logged in or not."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.dispatch import Signal
from django.template import Context, RequestContext, Template
from django.test import Client, TransactionTestCase, client

from eventtypes.models import Host
from tests.clock import DatabaseClock, install_clock
from tests.emptying import empty_database
from tests.factories import HostFactory
from tests.logging_in import log_in
from tests.scale import sampled, scaled

# What the test client remembers a rendered template with.
STORE_TEMPLATE = client.store_rendered_templates  # type: ignore[attr-defined]  # Django's own


def pytest_configure() -> None:
    """Make passwords quick to check, and time no test: how long an example takes says how busy the machine is.

    Static files are found when one is asked for: to look at all of them for each client takes as long as a page.
    """
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickPasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True
    client.store_rendered_templates = store_page  # type: ignore[attr-defined]  # Django's own
    TransactionTestCase._fixture_teardown = empty_database  # type: ignore[attr-defined]  # Django's own
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of a module in which something is scaled, and the long ones: `make trust` leaves none out."""
    is_scaled = isinstance(item, pytest.Function) and vars(item.module).keys() & {scaled.__name__, sampled.__name__}
    if is_scaled or item.get_closest_marker("in_full"):
        item.add_marker("trust")


def store_page(store: dict[str, Any], signal: Signal, sender: object, template: Template, context: Context) -> None:
    """Remember the page and its context, not the templates of its parts: a copy for each widget takes too long."""
    if isinstance(context, RequestContext) and context.template is template:
        STORE_TEMPLATE(store, signal, sender, template, context)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, with a clock that tests can set."""
    with django_db_blocker.unblock():
        install_clock()


@pytest.fixture
def database_clock(db: None) -> Iterator[DatabaseClock]:
    """The database's clock, to be set; it shows the real time until then, and after the test again."""
    clock = DatabaseClock()
    yield clock
    # In a test that commits nothing, the row goes with the transaction.
    if not connection.in_atomic_block:
        clock.run_again()


@pytest.fixture
def host(db: None) -> Host:
    """A host with no schedule and no event type yet."""
    return HostFactory(username="ada", name="Ada Host", email="ada@example.com")


@pytest.fixture
def host_client(client: Client, host: Host) -> Client:
    """A client with the host logged in."""
    log_in(client, host)
    return client
