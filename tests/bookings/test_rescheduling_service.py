"""Rescheduling: the same booking at another time, judged like a new one, without its private link."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bookings.models import Booking, BookingStatus, Move, Party
from bookings.services.booking import SlotUnavailableError, book
from bookings.services.link_counts import find_miscounts
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import OTHER_START, START
from tests.bookings.iris_books import uses
from tests.bookings.queued_mails import queued_mails
from tests.bookings.requests_to_book import IRIS, LATER, booked, stored
from tests.bookings.rescheduling_scene import BOTH, HALF_HOUR, RESCHEDULED, Reschedule, assert_not_moved
from tests.factories import BookingFactory
from tests.meanwhile import meanwhile

__all__ = ["booked"]


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
