"""Booking: what the one transaction decides, stores, counts and queues."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from procrastinate.exceptions import ConnectorException

from bookings.models import Booking, BookingStatus
from bookings.services.booking import Invitee, LinkUnavailableError, RequestKeyReusedError, SlotUnavailableError
from bookings.services.link_counts import find_miscounts
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.iris_books import (
    HALF_HOUR,
    IRIS,
    MOMENT,
    _clock,
    assert_nothing_is_booked,
    book_openly,
    book_through,
    uses,
)
from tests.bookings.queued_mails import queued_mails
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, EventTypeFactory, HostFactory
from tests.meanwhile import meanwhile

__all__ = ["_clock"]

BOTH_SIDES = [("confirmed", "host"), ("confirmed", "invitee")]


# --- What a booking is ---------------------------------------------------------------------------------------------


def test_booking_is_stored_as_it_was_decided(link: PrivateLink) -> None:
    link.event_type.location = "Room 1"
    link.event_type.buffer_before_minutes, link.event_type.buffer_after_minutes = 5, 10
    link.event_type.save()
    request_key = uuid.uuid4()

    booking = book_through(link, request_key=request_key)

    stored = Booking.objects.values().get(pk=booking.pk)
    assert stored == {
        "id": booking.pk,
        "uid": booking.uid,
        "request_key": request_key,
        "created_at": NOW,
        "status": BookingStatus.CONFIRMED,
        "ics_sequence": 0,
        "confirmed_at": NOW,
        "declined_at": None,
        "declined_by": "",
        "cancelled_at": None,
        "cancelled_by": "",
        "reason": "",
        "is_no_show": False,
        "host_id": link.event_type.host_id,
        "event_type_id": link.event_type_id,
        "private_link_id": link.pk,
        "private_link_name": "For Grace",
        "holds_use": True,
        "spent_last_use": True,
        "title": "Discovery call",
        "organizer_email": "ada@example.com",
        "location_kind": "text",
        "location": "Room 1",
        "location_is_shown_after_booking": False,
        "buffer_before_minutes": 5,
        "buffer_after_minutes": 10,
        "invitee_name": "Iris Invitee",
        "invitee_email": "iris@example.com",
        "invitee_time_zone": ZoneInfo("Asia/Tokyo"),
        "invitee_phone": "",
        "notes": "About the garden.",
        "guests": [],
        "answers": [],
        "starts_at": START,
        "ends_at": START + HALF_HOUR,
        "erased_at": None,
    }


def test_booking_queues_a_mail_to_each_side(link: PrivateLink) -> None:
    booking = book_through(link)

    assert queued_mails(booking) == BOTH_SIDES


def test_booking_that_needs_confirmation_is_pending_and_holds_its_use(link: PrivateLink) -> None:
    EventType.objects.update(requires_confirmation=True)

    booking = book_through(link)

    stored = Booking.objects.get(pk=booking.pk)
    assert (stored.status, stored.confirmed_at, stored.holds_use) == (BookingStatus.PENDING, None, True)
    assert (uses(link), find_miscounts()) == (1, [])
    assert queued_mails(booking) == [("requested", "host"), ("requested", "invitee")]


def test_pending_booking_holds_its_slot(event_type: EventType) -> None:
    EventType.objects.update(requires_confirmation=True)
    book_openly(event_type)

    with pytest.raises(SlotUnavailableError):
        book_openly(event_type)

    assert Booking.objects.count() == 1


def test_booking_without_a_link_holds_no_use(event_type: EventType) -> None:
    booking = book_openly(event_type)

    assert (booking.private_link, booking.private_link_name, booking.holds_use) == (None, "", False)
    assert queued_mails(booking) == BOTH_SIDES


def test_booking_is_decided_by_what_is_stored_not_by_what_was_read_before(link: PrivateLink) -> None:
    EventType.objects.update(title="New title", duration_minutes=60)

    booking = book_through(link)

    assert (booking.title, booking.ends_at) == ("New title", START + 2 * HALF_HOUR)


# --- Uses ----------------------------------------------------------------------------------------------------------


def test_link_admits_as_many_bookings_as_it_has_uses(link: PrivateLink) -> None:
    PrivateLink.objects.update(max_uses=2)

    book_through(link)
    book_through(link, START + HALF_HOUR)
    with pytest.raises(LinkUnavailableError):
        book_through(link, START + 2 * HALF_HOUR)

    assert (Booking.objects.count(), uses(link)) == (2, 2)
    assert find_miscounts() == []


def test_link_without_a_limit_counts_its_uses(link: PrivateLink) -> None:
    PrivateLink.objects.update(max_uses=None)

    book_through(link)
    book_through(link, START + HALF_HOUR)

    assert uses(link) == 2


def test_refused_slot_spends_no_use(link: PrivateLink) -> None:
    with pytest.raises(SlotUnavailableError):
        book_through(link, START + MOMENT)

    assert_nothing_is_booked(link)


# --- Slots ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(NOW - 7 * 24 * 2 * HALF_HOUR, id="in the past"),
        pytest.param(START + timedelta(minutes=10), id="off the grid"),
        pytest.param(START + timedelta(hours=10), id="after hours"),
        pytest.param(START + timedelta(days=365), id="beyond the booking window"),
    ],
)
def test_slot_that_is_not_on_offer_cannot_be_booked(event_type: EventType, starts_at: datetime) -> None:
    with pytest.raises(SlotUnavailableError):
        book_openly(event_type, starts_at)


def test_slot_that_overlaps_a_booking_of_another_event_type_cannot_be_booked(event_type: EventType) -> None:
    other = EventTypeFactory(host=event_type.host, schedule=event_type.schedule, duration_minutes=60)
    book_openly(other)

    with pytest.raises(SlotUnavailableError):
        book_openly(event_type, START + HALF_HOUR)


def test_slot_after_a_booking_can_be_booked(event_type: EventType) -> None:
    book_openly(event_type)

    assert book_openly(event_type, START + HALF_HOUR).starts_at == START + HALF_HOUR


def test_slot_of_a_cancelled_booking_can_be_booked(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START, status=BookingStatus.CANCELLED, cancelled_at=NOW)

    assert book_openly(event_type).starts_at == START


# --- The same request again ----------------------------------------------------------------------------------------


def test_same_request_again_is_answered_with_its_booking(link: PrivateLink) -> None:
    request_key = uuid.uuid4()
    first = book_through(link, request_key=request_key)

    again = book_through(link, request_key=request_key)

    assert again == first
    assert uses(link) == 1
    assert queued_mails(first) == BOTH_SIDES


def test_same_request_again_may_write_the_address_in_capitals(event_type: EventType) -> None:
    request_key = uuid.uuid4()
    first = book_openly(event_type, request_key=request_key)

    shouting = Invitee("Iris", "IRIS@example.com", IRIS.time_zone)
    again = book_openly(event_type, request_key=request_key, invitee=shouting)

    assert again == first


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"starts_at": START + HALF_HOUR}, id="another start"),
        pytest.param({"invitee": Invitee("Iris", "iris@example.org", IRIS.time_zone)}, id="another address"),
    ],
)
def test_used_request_key_with_other_contents_is_refused(link: PrivateLink, changes: dict[str, Any]) -> None:
    PrivateLink.objects.update(max_uses=2)
    request_key = uuid.uuid4()
    first = book_through(link, request_key=request_key)

    with pytest.raises(RequestKeyReusedError) as refused:
        book_through(link, request_key=request_key, **changes)

    assert refused.value.booking == first
    assert uses(link) == 1


def test_used_request_key_for_another_event_type_is_refused(event_type: EventType) -> None:
    request_key = uuid.uuid4()
    first = book_openly(event_type, request_key=request_key)

    with pytest.raises(RequestKeyReusedError) as refused:
        book_openly(EventTypeFactory(), request_key=request_key)

    assert refused.value.booking == first


# --- All or nothing ------------------------------------------------------------------------------------------------


def test_booking_that_cannot_queue_its_mails_is_undone(link: PrivateLink) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs ADD CHECK (queue_name <> 'mail') NOT VALID")

    with pytest.raises(ConnectorException):
        book_through(link)

    assert_nothing_is_booked(link)


def test_booking_goes_with_the_transaction_around_it(link: PrivateLink) -> None:
    with transaction.atomic():
        book_through(link)
        transaction.set_rollback(True)

    assert_nothing_is_booked(link)


# --- While it waited for a lock ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_booking_is_decided_after_the_wait_for_the_lock(link: PrivateLink, database_clock: DatabaseClock) -> None:
    later = NOW + timedelta(minutes=5)

    def hold_the_host_for_five_minutes() -> None:
        type(link.event_type.host).objects.select_for_update(no_key=True).get(pk=link.event_type.host_id)
        database_clock.set(later)

    with meanwhile(hold_the_host_for_five_minutes):
        booking = book_through(link)

    assert booking.created_at == later


@pytest.mark.django_db(transaction=True)
def test_meeting_that_is_stored_without_locks_meanwhile_is_a_slot_that_is_gone(link: PrivateLink) -> None:
    with (
        meanwhile(lambda: BookingFactory(event_type=link.event_type, starts_at=START + HALF_HOUR / 2)),
        pytest.raises(SlotUnavailableError),
    ):
        book_through(link)

    assert uses(link) == 0
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_request_key_that_another_host_takes_meanwhile_is_refused(link: PrivateLink) -> None:
    request_key = uuid.uuid4()
    other = EventTypeFactory(host=HostFactory())

    with (
        meanwhile(lambda: BookingFactory(event_type=other, request_key=request_key)),
        pytest.raises(RequestKeyReusedError) as refused,
    ):
        book_through(link, request_key=request_key)

    assert refused.value.booking.event_type == other
    assert uses(link) == 0
