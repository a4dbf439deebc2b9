"""A restart of the database breaks all connections of the pool at once; nobody waits for that."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, Self

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from config.settings import DATABASES
from tests.live_site import database_url

OPTIONS = DATABASES["default"]["OPTIONS"]["pool"]
# As many as a pool may have, but for the test's own.
IDLE = OPTIONS["max_size"] - 1


def backend_once_all_have_one(barrier: Barrier) -> int:
    """Return which process of PostgreSQL serves this thread, and give the connection back when all have one."""
    try:
        number = backend()
        barrier.wait(timeout=10)
        return number
    finally:
        connection.close()


def backend() -> int:
    """Return the number of the process of PostgreSQL that serves this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def backend_of_another_thread() -> int:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(backend_once_all_have_one, Barrier(1)).result()


@pytest.mark.django_db
def test_request_after_a_restart_of_the_database_gets_a_new_connection() -> None:
    with ThreadPoolExecutor(IDLE) as threads:
        idle = set(threads.map(backend_once_all_have_one, [Barrier(IDLE)] * IDLE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s) AS pid", [list(idle)])

    assert len(idle) == IDLE
    assert backend_of_another_thread() not in idle


class LateConnection(psycopg.Connection[Any]):
    """A connection to a database that is away until some instant."""

    back_at = 0.0

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        if time.monotonic() < cls.back_at:
            raise psycopg.OperationalError("The database is away.")
        return super().connect(conninfo, **kwargs)


@contextmanager
def pool_without_a_database(seconds: float) -> Iterator[ConnectionPool[LateConnection]]:
    """Yield a pool like the site's, which gives up sooner, while its database is away for so long."""
    LateConnection.back_at = time.monotonic() + seconds
    options = OPTIONS | {"min_size": 0, "reconnect_timeout": 0.3}
    with ConnectionPool(
        database_url(), connection_class=LateConnection, kwargs={"autocommit": True}, **options
    ) as pool:
        yield pool


@pytest.mark.django_db
def test_request_that_waits_when_the_pool_has_given_up_gets_a_connection() -> None:
    with pool_without_a_database(seconds=0.5) as pool, pool.connection() as late:
        assert late.execute("SELECT 1").fetchone() == (1,)
