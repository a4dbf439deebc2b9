"""Cancelling: final, told to both sides once, and what becomes of the use of the private link."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from bookings.models import Booking, BookingStatus, Party
from bookings.services.booking import Invitee, book
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.link_counts import find_miscounts
from bookings.services.refusals import NotCancellableError
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import NOW, START
from tests.bookings.iris_books import uses
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import LATER, booked, requested_through
from tests.clock import DatabaseClock
from tests.factories import BookingFactory
from tests.meanwhile import meanwhile

__all__ = ["booked"]

BOTH_SIDES = [("cancelled", "host"), ("cancelled", "invitee")]

type Cancel = Callable[[Booking], Booking]


def by_invitee(booking: Booking) -> Booking:
    return cancel_by_invitee(booking=booking)


def by_host(booking: Booking) -> Booking:
    return cancel_by_host(booking=booking, gives_use_back=False)


@pytest.mark.parametrize(("cancel", "party"), [(by_invitee, Party.INVITEE), (by_host, Party.HOST)])
def test_cancelling_notes_when_and_by_whom(booked: Booking, cancel: Cancel, party: Party) -> None:
    cancel(booked)

    booking = Booking.objects.get(pk=booked.pk)
    assert booking.status == BookingStatus.CANCELLED
    assert (booking.cancelled_at, booking.cancelled_by) == (LATER, party)
    assert booking.ics_sequence == 1
    assert booking.created_at == NOW


@pytest.mark.parametrize("cancel", [by_invitee, by_host])
def test_cancelling_queues_a_mail_to_each_side(booked: Booking, cancel: Cancel) -> None:
    cancel(booked)

    assert queued_mails(booked) == BOTH_SIDES


def test_cancelling_keeps_the_reason_of_who_did_it(booked: Booking) -> None:
    cancel_by_invitee(booking=booked, reason="I am ill.")
    cancel_by_host(booking=booked, gives_use_back=False, reason="So am I.")

    assert Booking.objects.get(pk=booked.pk).reason == "I am ill."


def test_withdrawn_request_gives_its_use_back_as_the_link_says(
    link: PrivateLink, database_clock: DatabaseClock
) -> None:
    PrivateLink.objects.update(returns_uses=True)
    requested = requested_through(link, database_clock)

    booking = by_invitee(requested)

    assert (booking.is_cancelled, booking.holds_use, uses(link)) == (True, False, 0)
    assert find_miscounts() == []


@pytest.mark.parametrize("cancel", [by_invitee, by_host])
def test_cancelling_again_changes_nothing(booked: Booking, database_clock: DatabaseClock, cancel: Cancel) -> None:
    by_invitee(booked)
    database_clock.set(LATER + timedelta(hours=1))

    again = cancel(booked)

    assert (again.cancelled_at, again.cancelled_by, again.ics_sequence) == (LATER, Party.INVITEE, 1)
    assert queued_mails(booked) == BOTH_SIDES


@pytest.mark.parametrize("cancel", [by_invitee, by_host])
def test_meeting_that_has_begun_cannot_be_cancelled(
    booked: Booking, database_clock: DatabaseClock, cancel: Cancel
) -> None:
    database_clock.set(START)

    with pytest.raises(NotCancellableError):
        cancel(booked)

    assert Booking.objects.get(pk=booked.pk).status == BookingStatus.CONFIRMED
    assert queued_mails(booked) == []


def test_meeting_can_be_cancelled_until_just_before_it_begins(booked: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START - timedelta.resolution)

    assert by_invitee(booked).is_cancelled


@pytest.mark.parametrize(
    ("returns_uses", "uses_afterwards"), [pytest.param(True, 0, id="gives back"), pytest.param(False, 1, id="keeps")]
)
def test_invitee_gives_the_use_back_if_the_link_says_so(
    booked: Booking, link: PrivateLink, returns_uses: bool, uses_afterwards: int
) -> None:
    PrivateLink.objects.update(returns_uses=returns_uses)

    by_invitee(booked)

    assert uses(link) == uses_afterwards
    assert Booking.objects.get(pk=booked.pk).holds_use == bool(uses_afterwards)
    assert find_miscounts() == []


@pytest.mark.parametrize(
    ("gives_use_back", "uses_afterwards"), [pytest.param(True, 0, id="gives back"), pytest.param(False, 1, id="keeps")]
)
def test_host_decides_about_the_use_whatever_the_link_says(
    booked: Booking, link: PrivateLink, gives_use_back: bool, uses_afterwards: int
) -> None:
    PrivateLink.objects.update(returns_uses=not gives_use_back)

    cancel_by_host(booking=booked, gives_use_back=gives_use_back)

    assert uses(link) == uses_afterwards
    assert Booking.objects.get(pk=booked.pk).holds_use == bool(uses_afterwards)
    assert find_miscounts() == []


def test_use_is_given_back_once(booked: Booking, link: PrivateLink) -> None:
    cancel_by_host(booking=booked, gives_use_back=True)
    cancel_by_host(booking=booked, gives_use_back=True)

    assert uses(link) == 0


def test_use_that_was_kept_is_not_given_back_later(booked: Booking, link: PrivateLink) -> None:
    cancel_by_host(booking=booked, gives_use_back=False)
    cancel_by_host(booking=booked, gives_use_back=True)

    assert uses(link) == 1
    assert find_miscounts() == []


def test_use_that_was_given_back_can_be_spent_again(booked: Booking, link: PrivateLink) -> None:
    cancel_by_host(booking=booked, gives_use_back=True)

    again = book(
        event_type=link.event_type,
        starts_at=START,
        invitee=Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Europe/Berlin")),
        request_key=uuid.uuid4(),
        private_link=link,
    )

    assert again.starts_at == booked.starts_at
    assert uses(link) == 1


def test_booking_through_no_link_can_be_cancelled(database_clock: DatabaseClock) -> None:
    database_clock.set(LATER)
    booking = BookingFactory(starts_at=START)

    assert cancel_by_host(booking=booking, gives_use_back=True).is_cancelled


def test_booking_whose_link_is_deleted_can_be_cancelled(booked: Booking, link: PrivateLink) -> None:
    delete_links(links=[link])

    booking = cancel_by_host(booking=booked, gives_use_back=True)

    assert booking.is_cancelled
    assert booking.private_link_name == "For Grace"
    assert queued_mails(booked) == BOTH_SIDES


def test_cancelling_goes_with_the_transaction_around_it(booked: Booking, link: PrivateLink) -> None:
    with transaction.atomic():
        cancel_by_host(booking=booked, gives_use_back=True)
        transaction.set_rollback(True)

    assert Booking.objects.get(pk=booked.pk).status == BookingStatus.CONFIRMED
    assert uses(link) == 1
    assert queued_mails(booked) == []


@pytest.mark.django_db(transaction=True)
def test_link_that_is_deleted_during_the_wait_for_the_lock_gets_no_use_back(booked: Booking, link: PrivateLink) -> None:
    with meanwhile(lambda: delete_links(links=[link])):
        booking = cancel_by_host(booking=booked, gives_use_back=True)

    assert booking.is_cancelled
    assert Booking.objects.get(pk=booked.pk).private_link is None


@pytest.mark.django_db(transaction=True)
def test_both_sides_cancelling_at_once_give_one_use_back(booked: Booking, link: PrivateLink) -> None:
    with meanwhile(lambda: cancel_by_host(booking=booked, gives_use_back=True)):
        booking = cancel_by_invitee(booking=booked)

    assert booking.cancelled_by == Party.HOST
    assert uses(link) == 0
    assert queued_mails(booked) == BOTH_SIDES
    assert find_miscounts() == []
