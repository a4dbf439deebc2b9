"""A pytest plugin: settles the database, and a data folder of the tests' own, before the settings are read."""

import os
from collections.abc import Generator

import pytest

from config.data_folder import data_folder
from config.embedded_postgres import ensure_database_url


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Run before pytest-django, which reads the settings in this hook. Workers of xdist inherit what is set here."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["SIDEDOOR_DATA"] = str(data_folder() / "test")
        # Whitenoise warns of a missing folder of collected files. Without any in it, it serves the sources.
        (data_folder() / "static").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    # All tests come from one address; the limits' own tests set lower ones.
    os.environ |= {"BOOKINGS_PER_ADDRESS": "100000/1h", "BOOKINGS_PER_EMAIL": "100000/1h"}
    ensure_database_url(durable=False)
    return (yield)
