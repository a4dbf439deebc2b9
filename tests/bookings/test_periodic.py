"""Jobs by the clock about bookings, done by a real worker."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from procrastinate.contrib.django import app
from pytest_django import Settings

from bookings.models import Booking, BookingStatus
from bookings.periodic import decline_unanswered, erase_past
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.bookings.requests_to_book import requested_through
from tests.clock import DatabaseClock
from tests.due_jobs import do_due_jobs
from tests.factories import BookingFactory, PrivateLinkFactory


@pytest.fixture
def requested(transactional_db: None, database_clock: DatabaseClock) -> Iterator[Booking]:
    """A request whose time has come while it waited."""
    booking = requested_through(PrivateLinkFactory(), database_clock)
    database_clock.set(START)
    yield booking
    empty_queue()


def test_worker_declines_requests_whose_time_has_come(requested: Booking) -> None:
    app.configure_task(decline_unanswered.name).defer(timestamp=0)

    do_due_jobs(["default"])

    booking = Booking.objects.get(pk=requested.pk)
    assert (booking.status, booking.declined_at, booking.declined_by) == (BookingStatus.DECLINED, START, "")
    assert PrivateLink.objects.get().usage_count == 0
    assert queued_mails(booking) == [("declined", "host"), ("declined", "invitee")]


@pytest.fixture
def met(transactional_db: None, database_clock: DatabaseClock) -> Iterator[Booking]:
    """A meeting that ended a month ago."""
    booking = BookingFactory(starts_at=START)
    database_clock.set(booking.ends_at + timedelta(days=30))
    yield booking
    empty_queue()


@pytest.mark.parametrize(("days", "is_erased"), [(None, False), (31, False), (30, True)])
def test_worker_erases_past_bookings_as_the_site_says(
    met: Booking, settings: Settings, days: int | None, is_erased: bool
) -> None:
    settings.BOOKINGS_KEPT_DAYS = days
    app.configure_task(erase_past.name).defer(timestamp=0)

    do_due_jobs(["default"])

    assert Booking.objects.get().is_erased == is_erased


def test_past_bookings_are_erased_at_night(db: None) -> None:
    due = [(each.task.name, each.cron) for each in app.periodic_registry.periodic_tasks.values()]

    assert ("bookings.erase_past", "47 3 * * *") in due


def test_job_is_due_every_minute(db: None) -> None:
    due = [(each.task.name, each.cron) for each in app.periodic_registry.periodic_tasks.values()]

    assert ("bookings.decline_unanswered", "* * * * *") in due


def test_worker_finds_the_jobs_by_the_clock_of_every_app(settings: Settings) -> None:
    modules = [f"{path.parent.name}.periodic" for path in settings.BASE_DIR.glob("*/periodic.py")]

    assert sorted(settings.PROCRASTINATE_IMPORT_PATHS) == sorted(modules)
    assert len(modules) == 3
