"""Reminders: to both sides, once for each time of a meeting, and none that says what a mail has just said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, BookingStatus, Reminder
from bookings.periodic import queue_reminders
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.confirming import confirm_booking
from bookings.services.reminders import queue_due_reminders
from bookings.services.rescheduling import reschedule_by_invitee
from bookings.tasks import send_booking_mail
from eventtypes.models import EventType
from privatelinks.services.event_types import delete_event_type
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queries import count_queries
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import BookingFactory

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOUR_DAYS_LATER = START + 4 * DAY
BOTH = [("host", 60), ("invitee", 60)]


@pytest.fixture
def booking(event_type: EventType, database_clock: DatabaseClock) -> Booking:
    """A meeting whose reminders are a day and an hour before; it is far from due."""
    empty_queue()
    database_clock.set(NOW)
    EventType.objects.update(reminder_minutes=[1440, 60])
    booking: Booking = BookingFactory(event_type=event_type, created_at=NOW, starts_at=START)
    return booking


def queue_at(instant: datetime, clock: DatabaseClock) -> list[tuple[str, int]]:
    """Look what is due at the instant, and return to whom which reminders are queued since the last look."""
    clock.set(instant)
    queue_due_reminders()
    return newly_queued()


def newly_queued() -> list[tuple[str, int]]:
    jobs = [job.args for job in reminders_in_queue()]
    empty_queue()
    return sorted((args["party"], args["minutes_before"]) for args in jobs)


def reminders_in_queue() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=send_booking_mail.name, args__kind="reminder").order_by("pk"))


# --- When ----------------------------------------------------------------------------------------------------------


def test_reminders_are_due_so_long_before_and_not_earlier(booking: Booking, database_clock: DatabaseClock) -> None:
    assert queue_at(START - DAY - timedelta.resolution, database_clock) == []
    assert queue_at(START - DAY, database_clock) == [("host", 1440), ("invitee", 1440)]
    assert queue_at(START - HOUR - timedelta.resolution, database_clock) == []
    assert queue_at(START - HOUR, database_clock) == BOTH


def test_reminder_goes_out_once(booking: Booking, database_clock: DatabaseClock) -> None:
    queue_at(START - HOUR, database_clock)

    later = [queue_at(START - HOUR + timedelta(minutes=minutes), database_clock) for minutes in (0, 1, 59)]

    assert later == [[], [], []]
    assert Reminder.objects.count() == 2


def test_missed_reminders_are_made_up_for_by_one(booking: Booking, database_clock: DatabaseClock) -> None:
    """The worker was away: the nearest one stands for all."""
    assert queue_at(START - timedelta(minutes=10), database_clock) == BOTH


def test_meeting_that_has_begun_needs_no_reminder(booking: Booking, database_clock: DatabaseClock) -> None:
    assert queue_at(START, database_clock) == []


@pytest.mark.parametrize(
    ("booked_at", "queued"),
    [
        pytest.param(START - HOUR - timedelta.resolution, BOTH, id="just before"),
        pytest.param(START - HOUR, BOTH, id="at that instant"),
        pytest.param(START - HOUR + timedelta.resolution, [], id="just after"),
    ],
)
def test_what_is_booked_after_the_reminders_time_has_none(
    booking: Booking, database_clock: DatabaseClock, booked_at: datetime, queued: list[tuple[str, int]]
) -> None:
    Booking.objects.update(created_at=booked_at)

    assert queue_at(START - timedelta(minutes=30), database_clock) == queued


def test_what_is_moved_after_the_reminders_time_has_none(booking: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START - 2 * HOUR + timedelta.resolution)
    reschedule_by_invitee(booking=booking, starts_at=START - HOUR)

    assert queue_at(START - HOUR - timedelta(minutes=30), database_clock) == []


def test_what_is_confirmed_after_the_reminders_time_has_none(booking: Booking, database_clock: DatabaseClock) -> None:
    Booking.objects.update(status=BookingStatus.PENDING, confirmed_at=None)
    database_clock.set(START - timedelta(minutes=50))
    confirm_booking(booking=booking)

    assert queue_at(START - timedelta(minutes=30), database_clock) == []


def test_rescheduled_meeting_has_reminders_for_its_new_time(booking: Booking, database_clock: DatabaseClock) -> None:
    queue_at(START - HOUR, database_clock)
    reschedule_by_invitee(booking=booking, starts_at=FOUR_DAYS_LATER)

    assert queue_at(FOUR_DAYS_LATER - DAY, database_clock) == [("host", 1440), ("invitee", 1440)]
    assert queue_at(FOUR_DAYS_LATER - HOUR, database_clock) == BOTH


@pytest.mark.parametrize("status", [BookingStatus.PENDING, BookingStatus.CANCELLED])
def test_only_confirmed_meetings_have_reminders(
    booking: Booking, database_clock: DatabaseClock, status: BookingStatus
) -> None:
    cancelled_at = NOW if status == BookingStatus.CANCELLED else None
    Booking.objects.update(status=status, confirmed_at=None, cancelled_at=cancelled_at)

    assert queue_at(START - HOUR, database_clock) == []


def test_event_type_without_reminders_has_none(booking: Booking, database_clock: DatabaseClock) -> None:
    EventType.objects.update(reminder_minutes=[])

    assert queue_at(START - HOUR, database_clock) == []


def test_deleted_event_type_reminds_nobody(booking: Booking, database_clock: DatabaseClock) -> None:
    delete_event_type(event_type=EventType.objects.get())

    assert queue_at(START - HOUR, database_clock) == []


def test_farthest_reminder_is_due_in_time(booking: Booking, database_clock: DatabaseClock) -> None:
    EventType.objects.update(reminder_minutes=[40320])
    Booking.objects.update(starts_at=NOW + timedelta(days=28), ends_at=NOW + timedelta(days=28) + HOUR)

    assert queue_at(NOW, database_clock) == [("host", 40320), ("invitee", 40320)]


# --- What is sent --------------------------------------------------------------------------------------------------


def send_queued(mailoutbox: list[EmailMessage]) -> list[EmailMessage]:
    """Do what the worker does with the reminders, and return the mails."""
    for job in reminders_in_queue():
        send_booking_mail(**job.args)
    return mailoutbox


def test_reminder_is_mailed_to_both_sides(
    booking: Booking, database_clock: DatabaseClock, mailoutbox: list[EmailMessage]
) -> None:
    database_clock.set(START - HOUR)
    queue_due_reminders()

    mails = send_queued(mailoutbox)

    assert sorted(address for mail in mails for address in mail.to) == ["ada@example.com", "iris@example.com"]
    assert {mail.subject.partition(":")[0] for mail in mails} == {"Reminder"}


def cancel(booking: Booking, clock: DatabaseClock) -> None:
    cancel_by_invitee(booking=booking)


def reschedule(booking: Booking, clock: DatabaseClock) -> None:
    reschedule_by_invitee(booking=booking, starts_at=FOUR_DAYS_LATER)


def begin(booking: Booking, clock: DatabaseClock) -> None:
    clock.set(START)


@pytest.mark.parametrize("happen", [cancel, reschedule, begin])
def test_reminder_that_comes_too_late_is_not_mailed(
    booking: Booking, database_clock: DatabaseClock, mailoutbox: list[EmailMessage], happen: Any
) -> None:
    """The mail server was away, and then it was too late."""
    database_clock.set(START - HOUR)
    queue_due_reminders()
    happen(booking, database_clock)

    assert send_queued(mailoutbox) == []


def test_reminder_is_in_the_history(booking: Booking, database_clock: DatabaseClock) -> None:
    queue_at(START - HOUR, database_clock)

    event = booking.events.get()
    assert (event.kind, event.happened_at, event.by) == ("reminded", START - HOUR, "")
    assert event.details == {"minutes_before": 60}


# --- How -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("meetings", [1, 20])
def test_due_reminders_take_four_queries(event_type: EventType, database_clock: DatabaseClock, meetings: int) -> None:
    database_clock.set(NOW)
    EventType.objects.update(reminder_minutes=[1440])
    for number in range(meetings):
        starts_at = NOW + (number + 1) * HOUR
        BookingFactory(event_type=event_type, created_at=NOW - 2 * DAY, starts_at=starts_at)

    with CaptureQueriesContext(connection) as queries:
        assert queue_due_reminders() == meetings

    # Clock, what is due, jobs, history.
    assert count_queries(queries) == 4


def test_nothing_due_takes_two_queries(booking: Booking) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert queue_due_reminders() == 0

    assert count_queries(queries) == 2


def test_worker_looks_every_minute() -> None:
    [periodic] = [each for each in app.periodic_registry.periodic_tasks.values() if each.task is queue_reminders]

    assert periodic.cron == "* * * * *"
