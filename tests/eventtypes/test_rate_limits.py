"""Counting for limits: each request counts once, in one place for all, and the period comes to its end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import RequestCount
from eventtypes.rates import Rate
from eventtypes.services.rate_limits import TooOftenError, count_request, forget_old_counts
from tests.clock import DatabaseClock
from tests.factories import HostFactory

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
THREE = Rate(3, timedelta(minutes=10))


def is_admitted(subject: str = "198.51.100.7", action: str = "book from", rate: Rate | None = THREE) -> bool:
    try:
        count_request(action=action, subject=subject, rate=rate)
    except TooOftenError:
        return False
    return True


@pytest.mark.django_db
class TestCounting:
    def test_as_many_are_admitted_as_the_rate_says(self) -> None:
        assert [is_admitted() for _ in range(5)] == [True, True, True, False, False]

    def test_subjects_and_actions_are_counted_by_themselves(self) -> None:
        assert [is_admitted(), is_admitted(), is_admitted()] == [True] * 3

        assert is_admitted(subject="198.51.100.8")
        assert is_admitted(action="book for")
        assert not is_admitted()

    def test_refusal_says_when_it_can_be_tried_again(self, database_clock: DatabaseClock) -> None:
        database_clock.set(NOW)
        for _ in range(3):
            count_request(action="book from", subject="x", rate=THREE)
        database_clock.set(NOW + timedelta(minutes=4))

        with pytest.raises(TooOftenError) as refusal:
            count_request(action="book from", subject="x", rate=THREE)

        assert refusal.value.retry_after == 6 * 60

    def test_next_period_begins_anew(self, database_clock: DatabaseClock) -> None:
        database_clock.set(NOW)
        for _ in range(4):
            is_admitted()
        last_moment, end = NOW + timedelta(minutes=10, microseconds=-1), NOW + timedelta(minutes=10)

        database_clock.set(last_moment)
        assert not is_admitted()
        database_clock.set(end)
        assert [is_admitted() for _ in range(4)] == [True, True, True, False]

    def test_without_a_rate_nothing_is_counted(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(0):
            assert is_admitted(rate=None)

    def test_counting_is_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            is_admitted()

    def test_what_is_stored_tells_nobody(self) -> None:
        is_admitted(subject="iris@example.com")

        assert "iris" not in str(RequestCount.objects.values())

    def test_counts_are_forgotten_when_their_period_is_over(self, database_clock: DatabaseClock) -> None:
        database_clock.set(NOW)
        is_admitted(subject="old")
        database_clock.set(NOW + timedelta(minutes=5))
        is_admitted(subject="new")
        database_clock.set(NOW + timedelta(minutes=10))

        assert (forget_old_counts(), RequestCount.objects.count()) == (1, 1)


@pytest.mark.rule("S14")
@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_are_each_counted() -> None:
    start_line = Barrier(8)

    def ask(_number: int) -> list[bool]:
        start_line.wait(timeout=30)
        try:
            return [is_admitted(rate=Rate(50, timedelta(minutes=10))) for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as askers:
        admitted = [each for of_one in askers.map(ask, range(8)) for each in of_one]

    assert admitted.count(True) == 50
    assert RequestCount.objects.get().count == 160


@pytest.mark.rule("S14")
@pytest.mark.django_db(transaction=True)
def test_tries_to_log_in_are_counted_for_all_processes_together(empty_queue: None) -> None:
    """Each thread has a connection of its own, as each process of the site has."""
    HostFactory.create(username="ada")
    start_line = Barrier(4)

    def try_passwords(number: int) -> list[str]:
        start_line.wait(timeout=30)
        client, wrong = Client(), {"login": "ada", "password": f"wrong {number}"}
        try:
            return [client.post("/accounts/login/", wrong).text for _ in range(4)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        pages = [page for of_one in people.map(try_passwords, range(4)) for page in of_one]

    # Five tries in five minutes, whoever makes them; see ACCOUNT_RATE_LIMITS of django-allauth.
    assert sum("Too many failed tries" not in page for page in pages) == 5
