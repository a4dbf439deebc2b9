"""Fixtures for all tests: a host, and clients that are logged in or not."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.dispatch import Signal
from django.template import Context, RequestContext, Template
from django.test import Client, TransactionTestCase, client
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from eventtypes.models import Host
from tests.clock import DatabaseClock, install_clock
from tests.emptying import empty_database
from tests.factories import HostFactory
from tests.logging_in import log_in
from tests.scale import FRACTION, sampled, scaled

# What the test client remembers a rendered template with.
STORE_TEMPLATE = client.store_rendered_templates  # type: ignore[attr-defined]  # Django's own

# The folders with the tests that take longest, in this order.
LONG_FIRST = ("browser", "faults", "security", "config")
# And those whose tests share a site.
ONE_PROCESS = ("browser", "faults")


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


class FolderScheduling(LoadFileScheduling):  # type: ignore[misc]  # which has no types
    """Lets one process run the tests of a module, and those of a folder that share a site."""

    def _split_scope(self, nodeid: str) -> str:
        module: str = super()._split_scope(nodeid)
        folder = PurePath(module).parent.name
        return folder if folder in ONE_PROCESS else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FolderScheduling | None:
    """Return how `make test` spreads the tests; `make trust` does it otherwise."""
    return FolderScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def store_page(store: dict[str, Any], signal: Signal, sender: object, template: Template, context: Context) -> None:
    """Remember the page and its context, without its parts: a copy for each widget is a twentieth of the time."""
    if isinstance(context, RequestContext) and context.template is template:
        STORE_TEMPLATE(store, signal, sender, template, context)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs in full only, and begin with what takes long: no process has it left when the others end.

    It is after pytest-django, which puts what commits behind the rest.
    """
    ranks = {name: rank for rank, name in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.parent.name, len(ranks)))
    if FRACTION > 1:
        left_out = [item for item in items if item.get_closest_marker("in_full")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


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
