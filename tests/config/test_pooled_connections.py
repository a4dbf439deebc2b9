"""A restart of the database breaks all connections of the pool at once; nobody waits for that."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from config.settings import DATABASES

# As many as a pool may have, but for the test's own.
IDLE = DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - 1


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
