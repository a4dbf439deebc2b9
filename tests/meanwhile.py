"""Something that another transaction does at a named point: while the code under test waits for a lock."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import connection, transaction

SECONDS = 15


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Act in a transaction of another connection, which commits as soon as somebody waits for one of its locks.

    The test must commit what the other connection is to see (`django_db(transaction=True)`).
    """
    has_acted = Event()
    with ThreadPoolExecutor(1) as another:
        outcome = another.submit(_act_and_wait, act, has_acted)
        if not has_acted.wait(SECONDS):
            outcome.result(timeout=1)
        yield
        outcome.result(timeout=SECONDS)


def _act_and_wait(act: Callable[[], object], has_acted: Event) -> None:
    try:
        with transaction.atomic():
            act()
            has_acted.set()
            _wait_until_somebody_waits()
    finally:
        connection.close()


def _wait_until_somebody_waits() -> None:
    deadline = time.monotonic() + SECONDS
    while not _somebody_waits():
        if time.monotonic() > deadline:
            raise TimeoutError("Nobody waited for a lock.")
        time.sleep(0.01)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone() != (0,))
