"""The host's answer to a request: what is stored, told and given back, once; and what happens without an answer."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError

from bookings.actions import Obstacle
from bookings.models import Booking, BookingStatus, Party
from bookings.services.booking import SlotUnavailableError, book
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.confirming import (
    _decline_if_unanswered,
    confirm_booking,
    decline_booking,
    decline_unanswered_bookings,
)
from bookings.services.link_counts import find_miscounts
from bookings.services.refusals import NotConfirmableError, NotDeclinableError
from bookings.services.rescheduling import reschedule_by_invitee
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import NOW, START
from tests.bookings.iris_books import uses
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.bookings.requests_to_book import IRIS, LATER, booked_through, requested, requested_through, stored
from tests.clock import DatabaseClock
from tests.factories import PrivateLinkFactory
from tests.meanwhile import meanwhile

__all__ = ["requested"]

CONFIRMED = [("confirmed", "host"), ("confirmed", "invitee")]
DECLINED = [("declined", "host"), ("declined", "invitee")]


# --- Yes -----------------------------------------------------------------------------------------------------------


def test_confirming_notes_when(requested: Booking, link: PrivateLink) -> None:
    confirm_booking(booking=requested)

    booking = stored(requested)
    assert (booking.status, booking.confirmed_at, booking.ics_sequence) == (BookingStatus.CONFIRMED, LATER, 1)
    assert (booking.starts_at, booking.holds_use, uses(link)) == (START, True, 1)
    assert queued_mails(requested) == CONFIRMED


def test_confirming_again_changes_nothing(requested: Booking, database_clock: DatabaseClock) -> None:
    confirm_booking(booking=requested)
    database_clock.set(LATER + timedelta(hours=1))

    again = confirm_booking(booking=requested)

    assert (again.status, again.confirmed_at, again.ics_sequence) == (BookingStatus.CONFIRMED, LATER, 1)
    assert queued_mails(requested) == CONFIRMED


def test_booking_that_needs_no_confirmation_is_confirmed_already(
    link: PrivateLink, database_clock: DatabaseClock
) -> None:
    booking = booked_through(link, database_clock)

    assert confirm_booking(booking=booking).confirmed_at == NOW
    assert queued_mails(booking) == []


def test_request_can_be_confirmed_until_just_before_its_time(requested: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START - timedelta.resolution)

    assert confirm_booking(booking=requested).is_confirmed


def test_request_whose_time_has_come_cannot_be_confirmed(requested: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START)

    with pytest.raises(NotConfirmableError) as refused:
        confirm_booking(booking=requested)

    assert refused.value.obstacle == Obstacle.BEGUN
    assert (stored(requested).status, queued_mails(requested)) == (BookingStatus.PENDING, [])


# --- No ------------------------------------------------------------------------------------------------------------


def test_declining_notes_when_by_whom_and_why(requested: Booking) -> None:
    decline_booking(booking=requested, reason="I am away that week.")

    booking = stored(requested)
    assert (booking.status, booking.declined_at, booking.declined_by) == (BookingStatus.DECLINED, LATER, Party.HOST)
    assert (booking.reason, booking.ics_sequence) == ("I am away that week.", 1)
    assert queued_mails(requested) == DECLINED


def test_declining_gives_the_use_back_once_whatever_the_link_says(requested: Booking, link: PrivateLink) -> None:
    PrivateLink.objects.update(returns_uses=False)

    decline_booking(booking=requested)
    decline_booking(booking=requested)

    assert (uses(link), stored(requested).holds_use) == (0, False)
    assert queued_mails(requested) == DECLINED
    assert find_miscounts() == []


def test_use_and_time_of_a_declined_request_can_be_booked_again(requested: Booking, link: PrivateLink) -> None:
    decline_booking(booking=requested)

    again = book(event_type=link.event_type, starts_at=START, invitee=IRIS, request_key=uuid.uuid4(), private_link=link)

    assert (again.starts_at, uses(link)) == (START, 1)


def test_request_whose_link_is_deleted_can_be_declined(requested: Booking, link: PrivateLink) -> None:
    delete_links(links=[link])

    assert decline_booking(booking=requested).is_declined
    assert find_miscounts() == []


def test_request_whose_time_has_come_can_be_declined(requested: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START + timedelta(hours=1))

    assert decline_booking(booking=requested).is_declined


# --- One answer only -----------------------------------------------------------------------------------------------


def test_confirmed_booking_cannot_be_declined(requested: Booking, link: PrivateLink) -> None:
    confirm_booking(booking=requested)

    with pytest.raises(NotDeclinableError) as refused:
        decline_booking(booking=requested)

    assert refused.value.obstacle == Obstacle.CONFIRMED
    assert (stored(requested).status, uses(link)) == (BookingStatus.CONFIRMED, 1)


def test_declined_booking_cannot_be_confirmed(requested: Booking) -> None:
    decline_booking(booking=requested)

    with pytest.raises(NotConfirmableError) as refused:
        confirm_booking(booking=requested)

    assert refused.value.obstacle == Obstacle.DECLINED
    assert stored(requested).status == BookingStatus.DECLINED


def test_request_that_its_invitee_has_withdrawn_cannot_be_answered(requested: Booking) -> None:
    cancel_by_invitee(booking=requested)

    with pytest.raises(NotConfirmableError) as not_confirmed:
        confirm_booking(booking=requested)
    with pytest.raises(NotDeclinableError) as not_declined:
        decline_booking(booking=requested)

    assert {not_confirmed.value.obstacle, not_declined.value.obstacle} == {Obstacle.CANCELLED}
    assert stored(requested).status == BookingStatus.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_of_yes_and_no_at_once_the_first_one_counts(requested: Booking, link: PrivateLink) -> None:
    with meanwhile(lambda: decline_booking(booking=requested)), pytest.raises(NotConfirmableError):
        confirm_booking(booking=requested)

    assert (stored(requested).status, uses(link)) == (BookingStatus.DECLINED, 0)
    assert queued_mails(requested) == DECLINED


@pytest.mark.django_db(transaction=True)
def test_request_that_is_withdrawn_during_the_wait_for_the_lock_is_not_confirmed(requested: Booking) -> None:
    with meanwhile(lambda: cancel_by_invitee(booking=requested)), pytest.raises(NotConfirmableError):
        confirm_booking(booking=requested)

    assert stored(requested).status == BookingStatus.CANCELLED


# --- No answer -----------------------------------------------------------------------------------------------------


@pytest.fixture
def two_requests(database_clock: DatabaseClock, link: PrivateLink) -> tuple[Booking, Booking]:
    """A request for START and one for an hour later, through links of their own."""
    other = PrivateLinkFactory.create(event_type=link.event_type)
    first = requested_through(link, database_clock)
    return first, requested_through(other, database_clock, START + timedelta(hours=1))


def test_requests_are_declined_when_their_time_comes(
    two_requests: tuple[Booking, Booking], database_clock: DatabaseClock, link: PrivateLink
) -> None:
    first, second = two_requests
    database_clock.set(START)

    count = decline_unanswered_bookings()

    booking = stored(first)
    assert (count, booking.status, booking.declined_at, booking.declined_by) == (1, BookingStatus.DECLINED, START, "")
    assert (uses(link), queued_mails(first)) == (0, DECLINED)
    assert (stored(second).status, queued_mails(second)) == (BookingStatus.PENDING, [])
    assert find_miscounts() == []


def test_requests_are_left_alone_until_their_time(
    two_requests: tuple[Booking, Booking], database_clock: DatabaseClock
) -> None:
    database_clock.set(START - timedelta.resolution)

    assert decline_unanswered_bookings() == 0


def test_request_that_cannot_be_declined_keeps_no_other_one(
    requested: Booking, link: PrivateLink, database_clock: DatabaseClock
) -> None:
    other = requested_through(
        PrivateLinkFactory(event_type=link.event_type), database_clock, START + timedelta(hours=1)
    )
    # Nothing of ours does that: the use that the first one holds is not counted.
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=0)
    database_clock.set(START + timedelta(hours=1))

    with pytest.raises(ExceptionGroup) as raised:
        decline_unanswered_bookings()

    assert [type(error) for error in raised.value.exceptions] == [IntegrityError]
    assert (stored(requested).status, stored(other).status) == (BookingStatus.PENDING, BookingStatus.DECLINED)


def test_requests_are_declined_once(two_requests: tuple[Booking, Booking], database_clock: DatabaseClock) -> None:
    database_clock.set(START + timedelta(days=1))

    assert [decline_unanswered_bookings() for _time in range(2)] == [2, 0]
    assert len(queued_mails()) == 4


def test_confirmed_bookings_are_not_declined(requested: Booking, database_clock: DatabaseClock) -> None:
    confirm_booking(booking=requested)
    database_clock.set(START + timedelta(days=1))

    assert decline_unanswered_bookings() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("act", "status"),
    [
        pytest.param(lambda booking: cancel_by_invitee(booking=booking), BookingStatus.CANCELLED, id="withdrawn"),
        pytest.param(
            lambda booking: reschedule_by_invitee(booking=booking, starts_at=START + timedelta(hours=1)),
            BookingStatus.PENDING,
            id="moved",
        ),
    ],
)
def test_request_that_is_changed_at_the_last_moment_is_not_declined(
    requested: Booking, database_clock: DatabaseClock, act: Callable[[Booking], Booking], status: BookingStatus
) -> None:
    database_clock.set(START - timedelta.resolution)
    booking = stored(requested)

    with meanwhile(lambda: _act_and_let_the_time_come(act, booking, database_clock)):
        counted = _decline_if_unanswered(booking)

    assert (counted, stored(requested).status) == (False, status)


def _act_and_let_the_time_come(act: Callable[[Booking], Booking], booking: Booking, clock: DatabaseClock) -> None:
    act(booking)
    clock.set(START)


def test_pending_request_keeps_its_time_from_others(requested: Booking, link: PrivateLink) -> None:
    PrivateLink.objects.update(max_uses=2)
    empty_queue()

    with pytest.raises(SlotUnavailableError):
        book(event_type=link.event_type, starts_at=START, invitee=IRIS, request_key=uuid.uuid4(), private_link=link)

    assert uses(link) == 1
