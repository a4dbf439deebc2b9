"""Two workers that look for reminders at the same moment: each reminder is taken by one of them."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from bookings.models import Booking, Reminder
from bookings.services.reminders import queue_due_reminders
from eventtypes.models import EventType
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, EventTypeFactory
from tests.faults.guards import Guards, without_constraints

SECONDS = 15
GUARDS: Guards = [(Reminder, "reminder_once_for_each_time")]


@pytest.fixture
def booking(transactional_db: None, database_clock: DatabaseClock) -> Iterator[Booking]:
    """A meeting whose reminder is due."""
    empty_queue()
    event_type: EventType = EventTypeFactory(reminder_minutes=[60])
    database_clock.set(START - timedelta(hours=1))
    yield BookingFactory(event_type=event_type, created_at=NOW, starts_at=START)
    empty_queue()


def test_one_of_two_workers_takes_a_reminder(booking: Booking) -> None:
    assert _queue_at_once() == [0, 1]
    assert queued_mails(booking) == [("reminder", "host"), ("reminder", "invitee")]


@pytest.mark.in_full
def test_without_its_guard_a_reminder_is_taken_twice(booking: Booking) -> None:
    """The control: the same two workers, without the constraint."""
    with without_constraints(GUARDS):
        assert _queue_at_once() == [1, 1]


def _queue_at_once() -> list[int]:
    """Let one worker look, and another one before the first has committed; return how many reminders each took."""
    has_looked, may_commit = Event(), Event()
    with ThreadPoolExecutor(2) as workers:
        first = workers.submit(_queue, has_looked, may_commit)
        assert has_looked.wait(SECONDS)
        second = workers.submit(_queue, Event(), may_commit)
        _wait_for_end_or_lock(second)
        may_commit.set()
        return sorted([first.result(SECONDS), second.result(SECONDS)])


def _queue(has_looked: Event, may_commit: Event) -> int:
    try:
        with transaction.atomic():
            taken = queue_due_reminders()
            has_looked.set()
            may_commit.wait(SECONDS)
        return taken
    finally:
        connection.close()


def _wait_for_end_or_lock(worker: Future[int]) -> None:
    """Give the worker a second: it ends its look in that time, or waits for the other one."""
    wait([worker], timeout=1)
