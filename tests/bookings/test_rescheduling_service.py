"""Rescheduling: the same booking at another time, judged like a new one, without its private link."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from bookings.actions import Obstacle
from bookings.models import Booking, BookingStatus, Move, Party
from bookings.services.booking import SlotUnavailableError, book
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.link_counts import find_miscounts
from bookings.services.refusals import BookingChangedError, NotReschedulableError
from bookings.services.repeats import find_repeated_booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType, Host, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.event_types import delete_event_type
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.bookings.requests_to_book import IRIS, booked_through, requested_through
from tests.clock import DatabaseClock
from tests.factories import BookingFactory
from tests.meanwhile import meanwhile
from tests.scale import scaled

LATER = NOW + timedelta(hours=1)
HALF_HOUR = timedelta(minutes=30)
OTHER_START = START + timedelta(days=1)
RESCHEDULED = [("rescheduled", "host"), ("rescheduled", "invitee")]
REQUESTED = [("requested", "host"), ("requested", "invitee")]

type Reschedule = Callable[..., Booking]

BOTH = pytest.mark.parametrize(
    "reschedule",
    [pytest.param(reschedule_by_invitee, id="by invitee"), pytest.param(reschedule_by_host, id="by host")],
)


@pytest.fixture
def booked(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A confirmed booking of an hour ago; the link is used up by it."""
    booking = booked_through(link, database_clock)
    database_clock.set(LATER)
    return booking


@pytest.fixture
def requested(link: PrivateLink, database_clock: DatabaseClock) -> Booking:
    """A booking that waits for the host since an hour ago; the link is used up by it."""
    booking = requested_through(link, database_clock)
    database_clock.set(LATER)
    return booking


def stored(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def uses(link: PrivateLink) -> int:
    return PrivateLink.objects.get(pk=link.pk).usage_count


def assert_not_moved(booking: Booking) -> None:
    assert (stored(booking).starts_at, stored(booking).ics_sequence, queued_mails(booking)) == (START, 0, [])


# --- What becomes of the booking -----------------------------------------------------------------------------------


@BOTH
def test_booking_gets_the_other_time_in_place(booked: Booking, reschedule: Reschedule) -> None:
    before = Booking.objects.values().get(pk=booked.pk)

    reschedule(booking=booked, starts_at=OTHER_START)

    after = Booking.objects.values().get(pk=booked.pk)
    assert after == before | {"starts_at": OTHER_START, "ends_at": OTHER_START + HALF_HOUR, "ics_sequence": 1}
    assert Booking.objects.count() == 1
    assert queued_mails(booked) == RESCHEDULED


@pytest.mark.parametrize(
    ("reschedule", "party"), [(reschedule_by_invitee, Party.INVITEE), (reschedule_by_host, Party.HOST)]
)
def test_move_remembers_the_former_time_and_who_moved_it(booked: Booking, reschedule: Reschedule, party: Party) -> None:
    reschedule(booking=booked, starts_at=OTHER_START)

    move = Move.objects.values("booking_id", "ics_sequence", "at", "by", "was_confirmed").get()
    assert move == {"booking_id": booked.pk, "ics_sequence": 1, "at": LATER, "by": party, "was_confirmed": True}
    assert list(Move.objects.values_list("former_starts_at", "former_ends_at")) == [(START, START + HALF_HOUR)]


@BOTH
def test_former_time_is_free_again(booked: Booking, event_type: EventType, reschedule: Reschedule) -> None:
    reschedule(booking=booked, starts_at=OTHER_START)

    again = book(event_type=event_type, starts_at=START, invitee=IRIS, request_key=uuid.uuid4())

    assert again.starts_at == START


@BOTH
def test_meeting_may_move_by_less_than_it_is_long(booked: Booking, reschedule: Reschedule) -> None:
    EventType.objects.update(slot_interval_minutes=15, buffer_before_minutes=30)

    moved = reschedule(booking=booked, starts_at=START + HALF_HOUR / 2)

    assert (moved.starts_at, moved.buffer_before_minutes) == (START + HALF_HOUR / 2, 30)


@BOTH
def test_limit_that_the_booking_itself_fills_is_not_in_its_way(booked: Booking, reschedule: Reschedule) -> None:
    EventType.objects.update(max_bookings_per_day=1)

    assert reschedule(booking=booked, starts_at=START + HALF_HOUR).starts_at == START + HALF_HOUR


# --- The slot is judged like that of a new booking -----------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(START + timedelta(minutes=7), id="off the grid"),
        pytest.param(datetime(2026, 12, 6, 9, tzinfo=UTC), id="on a Sunday"),
        pytest.param(START - timedelta(days=7), id="past"),
        pytest.param(START + timedelta(days=700), id="beyond the booking window"),
    ],
)
def test_time_that_is_not_on_offer_is_refused(booked: Booking, reschedule: Reschedule, starts_at: datetime) -> None:
    with pytest.raises(SlotUnavailableError):
        reschedule(booking=booked, starts_at=starts_at)

    assert_not_moved(booked)


@BOTH
@pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.PENDING])
def test_time_of_another_meeting_is_refused(
    booked: Booking, event_type: EventType, reschedule: Reschedule, status: BookingStatus
) -> None:
    BookingFactory(event_type=event_type, starts_at=OTHER_START, status=status)

    with pytest.raises(SlotUnavailableError):
        reschedule(booking=booked, starts_at=OTHER_START)

    assert_not_moved(booked)


@BOTH
@pytest.mark.django_db(transaction=True)
def test_time_that_is_booked_during_the_wait_for_the_lock_is_refused(
    booked: Booking, event_type: EventType, reschedule: Reschedule
) -> None:
    def book_it() -> None:
        book(event_type=event_type, starts_at=OTHER_START, invitee=IRIS, request_key=uuid.uuid4())

    with meanwhile(book_it), pytest.raises(SlotUnavailableError):
        reschedule(booking=booked, starts_at=OTHER_START)

    assert_not_moved(booked)


@BOTH
@pytest.mark.django_db(transaction=True)
def test_meeting_that_something_without_locks_has_stored_is_not_overlapped(
    booked: Booking, event_type: EventType, reschedule: Reschedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database itself refuses it, even if the offer does not see the meeting."""
    BookingFactory(event_type=event_type, starts_at=OTHER_START)
    monkeypatch.setattr("bookings.slots.Offer._busy", lambda *_args: [])

    with pytest.raises(SlotUnavailableError):
        reschedule(booking=booked, starts_at=OTHER_START)

    assert_not_moved(booked)


# --- Durations -----------------------------------------------------------------------------------------------------


@BOTH
def test_booking_keeps_its_duration_as_long_as_it_is_offered(booked: Booking, reschedule: Reschedule) -> None:
    EventType.objects.update(duration_minutes=60, duration_options=[30])

    moved = reschedule(booking=booked, starts_at=OTHER_START)

    assert moved.duration_minutes == 30
    with pytest.raises(SlotUnavailableError):
        reschedule(booking=booked, starts_at=OTHER_START + timedelta(hours=1), duration_minutes=60)


@BOTH
@pytest.mark.parametrize(
    ("asked", "minutes"), [pytest.param(None, 45, id="the first"), pytest.param(60, 60, id="the one asked for")]
)
def test_booking_whose_duration_is_offered_no_more_gets_another(
    booked: Booking, reschedule: Reschedule, asked: int | None, minutes: int
) -> None:
    EventType.objects.update(duration_minutes=45, duration_options=[60], slot_interval_minutes=30)

    moved = reschedule(booking=booked, starts_at=OTHER_START, duration_minutes=asked)

    assert (moved.duration_minutes, stored(booked).duration_minutes) == (minutes, minutes)


@BOTH
def test_duration_that_is_not_offered_is_refused(booked: Booking, reschedule: Reschedule) -> None:
    EventType.objects.update(duration_minutes=45)

    with pytest.raises(SlotUnavailableError):
        reschedule(booking=booked, starts_at=OTHER_START, duration_minutes=20)

    assert_not_moved(booked)


# --- The private link is not needed, and not spent -----------------------------------------------------------------


def _change_link(**changes: Any) -> Callable[[PrivateLink], object]:
    return lambda link: PrivateLink.objects.filter(pk=link.pk).update(**changes)


def _change_event_type(**changes: Any) -> Callable[[PrivateLink], object]:
    return lambda link: EventType.objects.filter(pk=link.event_type_id).update(**changes)


@pytest.mark.rule("R6")
@BOTH
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(_change_link(), id="used up"),
        pytest.param(_change_link(expires_at=LATER), id="expired"),
        pytest.param(_change_link(is_paused=True), id="paused"),
        pytest.param(_change_link(max_uses=None), id="without a limit"),
        pytest.param(_change_event_type(private_links_enabled=False), id="switched off"),
        pytest.param(_change_event_type(visibility=Visibility.PRIVATE), id="private"),
    ],
)
def test_booking_is_moved_whatever_has_become_of_its_link(
    booked: Booking,
    link: PrivateLink,
    reschedule: Reschedule,
    end: Callable[[PrivateLink], object],
) -> None:
    end(link)

    moved = reschedule(booking=booked, starts_at=OTHER_START)

    assert (moved.starts_at, moved.holds_use, uses(link)) == (OTHER_START, True, 1)
    assert find_miscounts() == []


@pytest.mark.rule("R6")
@BOTH
def test_booking_whose_link_is_deleted_is_moved(booked: Booking, link: PrivateLink, reschedule: Reschedule) -> None:
    delete_links(links=[link])

    moved = reschedule(booking=booked, starts_at=OTHER_START)

    assert (moved.starts_at, moved.private_link_name, moved.holds_use) == (OTHER_START, "For Grace", False)


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

    with pytest.raises(BookingChangedError):
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
