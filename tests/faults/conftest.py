"""The sites that races are run against, with their guards and without."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.guards import UNGUARDED
from tests.live_site import running_site


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The site, with its guards; a start takes seconds, so the tests of all modules share it."""
    with django_db_blocker.unblock(), running_site() as origin:
        yield origin


@pytest.fixture(scope="module")
def unguarded_site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The site without locks; `without_constraints` takes the database's guards away, too."""
    with django_db_blocker.unblock(), running_site(entry=UNGUARDED) as origin:
        yield origin
