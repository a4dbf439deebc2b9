"""Whether a booking may be rescheduled, and how often; and whether it has to be confirmed again."""

from datetime import timedelta

import pytest
from django.db import transaction

from bookings.actions import Obstacle
from bookings.models import Booking, BookingStatus, Move
from bookings.services.booking import book
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.link_counts import find_miscounts
from bookings.services.refusals import BookingMovedError, NotReschedulableError
from bookings.services.repeats import find_repeated_booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from privatelinks.services.event_types import delete_event_type
from tests.bookings.booking_forms import OTHER_START, START
from tests.bookings.iris_books import uses
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.bookings.requests_to_book import IRIS, LATER, booked, requested, stored
from tests.bookings.rescheduling_scene import BOTH, HALF_HOUR, RESCHEDULED, Reschedule, assert_not_moved
from tests.clock import DatabaseClock
from tests.meanwhile import meanwhile
from tests.scale import scaled

__all__ = ["booked", "requested"]

REQUESTED = [("requested", "host"), ("requested", "invitee")]


# --- Once ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("R6")
@BOTH
def test_rescheduling_again_and_again_to_one_time_is_done_once(
    booked: Booking, link: PrivateLink, reschedule: Reschedule
) -> None:
    for _time in range(max(10, scaled(100))):
        reschedule(booking=booked, starts_at=OTHER_START, seen_sequence=0)

    booking = Booking.objects.get()
    assert (booking.starts_at, booking.ics_sequence, uses(link)) == (OTHER_START, 1, 1)
    assert queued_mails(booked) == RESCHEDULED


@BOTH
def test_rescheduling_to_the_time_that_it_has_changes_nothing(booked: Booking, reschedule: Reschedule) -> None:
    reschedule(booking=booked, starts_at=START)

    assert_not_moved(booked)
    assert not Move.objects.exists()


@BOTH
def test_choice_made_before_another_change_is_not_taken(booked: Booking, reschedule: Reschedule) -> None:
    reschedule(booking=booked, starts_at=OTHER_START)
    reschedule(booking=booked, starts_at=OTHER_START + HALF_HOUR)

    with pytest.raises(BookingMovedError):
        reschedule(booking=booked, starts_at=OTHER_START, seen_sequence=0)

    assert stored(booked).starts_at == OTHER_START + HALF_HOUR


@BOTH
def test_booking_can_be_moved_there_and_back(booked: Booking, reschedule: Reschedule) -> None:
    reschedule(booking=booked, starts_at=OTHER_START)
    reschedule(booking=booked, starts_at=START)

    assert (stored(booked).starts_at, stored(booked).ics_sequence) == (START, 2)
    assert list(Move.objects.values_list("ics_sequence", "former_starts_at")) == [(1, START), (2, OTHER_START)]


def test_form_that_booked_it_is_still_answered_with_the_booking(booked: Booking, link: PrivateLink) -> None:
    reschedule_by_invitee(booking=booked, starts_at=OTHER_START)
    reschedule_by_host(booking=booked, starts_at=OTHER_START + HALF_HOUR)
    assert booked.request_key is not None

    again = book(
        event_type=link.event_type,
        starts_at=START,
        invitee=IRIS,
        request_key=booked.request_key,
        private_link=link,
    )
    found = find_repeated_booking(
        request_key=booked.request_key, slug="discovery-call", starts_at=START, invitee_email=IRIS.email
    )

    assert (again, found) == (booked, booked)
    assert (again.starts_at, uses(link), Booking.objects.count()) == (OTHER_START + HALF_HOUR, 1, 1)


# --- Confirmation --------------------------------------------------------------------------------------------------


def test_invitee_who_moves_a_confirmed_meeting_has_to_wait_again(requested: Booking, link: PrivateLink) -> None:
    confirm_booking(booking=requested)
    empty_queue()

    moved = reschedule_by_invitee(booking=requested, starts_at=OTHER_START)

    booking = stored(requested)
    assert (booking.status, booking.confirmed_at, moved.is_pending) == (BookingStatus.PENDING, None, True)
    assert (uses(link), booking.holds_use) == (1, True)
    assert queued_mails(requested) == REQUESTED
    assert confirm_booking(booking=requested).is_confirmed


def test_invitee_who_moves_a_request_goes_on_waiting(requested: Booking) -> None:
    EventType.objects.update(requires_confirmation=False)

    reschedule_by_invitee(booking=requested, starts_at=OTHER_START)

    assert stored(requested).status == BookingStatus.PENDING
    assert Move.objects.get().was_confirmed is False
    assert queued_mails(requested) == REQUESTED


def test_host_who_moves_a_request_confirms_it_with_that(requested: Booking) -> None:
    reschedule_by_host(booking=requested, starts_at=OTHER_START)

    booking = stored(requested)
    assert (booking.status, booking.confirmed_at) == (BookingStatus.CONFIRMED, LATER)
    assert queued_mails(requested) == RESCHEDULED


def test_host_who_moves_a_confirmed_meeting_need_not_confirm_it_again(requested: Booking) -> None:
    confirm_booking(booking=requested)
    empty_queue()

    reschedule_by_host(booking=requested, starts_at=OTHER_START)

    booking = stored(requested)
    assert (booking.status, booking.confirmed_at) == (BookingStatus.CONFIRMED, LATER)
    assert queued_mails(requested) == RESCHEDULED


# --- What cannot be moved ------------------------------------------------------------------------------------------


@pytest.mark.rule("R6")
@BOTH
def test_cancelled_booking_stays_where_it_was(booked: Booking, reschedule: Reschedule) -> None:
    cancel_by_host(booking=booked, gives_use_back=False)

    with pytest.raises(NotReschedulableError) as refused:
        reschedule(booking=booked, starts_at=START)

    assert refused.value.obstacle == Obstacle.CANCELLED
    assert (stored(booked).status, stored(booked).starts_at) == (BookingStatus.CANCELLED, START)


@BOTH
def test_declined_booking_stays_where_it_was(requested: Booking, reschedule: Reschedule) -> None:
    decline_booking(booking=requested)

    with pytest.raises(NotReschedulableError) as refused:
        reschedule(booking=requested, starts_at=OTHER_START)

    assert refused.value.obstacle == Obstacle.DECLINED
    assert stored(requested).status == BookingStatus.DECLINED


@BOTH
def test_meeting_that_has_begun_stays_where_it_was(
    booked: Booking, database_clock: DatabaseClock, reschedule: Reschedule
) -> None:
    database_clock.set(START)

    with pytest.raises(NotReschedulableError) as refused:
        reschedule(booking=booked, starts_at=OTHER_START)

    assert refused.value.obstacle == Obstacle.BEGUN
    assert_not_moved(booked)


@BOTH
def test_booking_of_a_deleted_event_type_has_nothing_to_choose_from(
    booked: Booking, event_type: EventType, reschedule: Reschedule
) -> None:
    delete_event_type(event_type=event_type)

    with pytest.raises(NotReschedulableError) as refused:
        reschedule(booking=booked, starts_at=OTHER_START)

    assert refused.value.obstacle == Obstacle.NOT_OFFERED
    assert_not_moved(booked)


def test_booking_with_a_host_who_is_gone_has_nothing_to_choose_from(booked: Booking) -> None:
    Host.objects.update(is_active=False)

    with pytest.raises(NotReschedulableError) as refused:
        reschedule_by_invitee(booking=booked, starts_at=OTHER_START)

    assert refused.value.obstacle == Obstacle.NOT_OFFERED


def test_event_type_can_forbid_it_to_invitees_not_to_its_host(booked: Booking) -> None:
    EventType.objects.update(invitees_may_reschedule=False)

    with pytest.raises(NotReschedulableError) as refused:
        reschedule_by_invitee(booking=booked, starts_at=OTHER_START)

    assert refused.value.obstacle == Obstacle.FORBIDDEN
    assert_not_moved(booked)
    assert reschedule_by_host(booking=booked, starts_at=OTHER_START).starts_at == OTHER_START


def test_invitee_may_reschedule_until_so_many_hours_before(booked: Booking, database_clock: DatabaseClock) -> None:
    EventType.objects.update(change_notice_hours=24)
    database_clock.set(START - timedelta(hours=24))

    with pytest.raises(NotReschedulableError) as refused:
        reschedule_by_invitee(booking=booked, starts_at=OTHER_START)

    assert refused.value.obstacle == Obstacle.TOO_LATE
    database_clock.set(START - timedelta(hours=24) - timedelta.resolution)
    assert reschedule_by_invitee(booking=booked, starts_at=OTHER_START).starts_at == OTHER_START


@pytest.mark.django_db(transaction=True)
def test_of_cancelling_and_rescheduling_at_once_the_first_one_counts(booked: Booking, link: PrivateLink) -> None:
    with meanwhile(lambda: cancel_by_host(booking=booked, gives_use_back=True)), pytest.raises(NotReschedulableError):
        reschedule_by_invitee(booking=booked, starts_at=OTHER_START)

    assert (stored(booked).status, stored(booked).starts_at, uses(link)) == (BookingStatus.CANCELLED, START, 0)


@pytest.mark.django_db(transaction=True)
def test_booking_that_is_moved_during_the_wait_for_the_lock_is_cancelled_all_the_same(
    booked: Booking, link: PrivateLink
) -> None:
    with meanwhile(lambda: reschedule_by_invitee(booking=booked, starts_at=OTHER_START)):
        cancel_by_invitee(booking=booked)

    booking = stored(booked)
    assert (booking.status, booking.starts_at, booking.ics_sequence) == (BookingStatus.CANCELLED, OTHER_START, 2)
    assert (uses(link), find_miscounts()) == (1, [])


def test_rescheduling_goes_with_the_transaction_around_it(booked: Booking) -> None:
    with transaction.atomic():
        reschedule_by_host(booking=booked, starts_at=OTHER_START)
        transaction.set_rollback(True)

    assert_not_moved(booked)
    assert not Move.objects.exists()
