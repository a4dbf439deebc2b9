"""What the database refuses about bookings: one test for each named constraint."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bookings.models import Booking, BookingStatus, Move, Party
from bookings.models.booking import NOTHING_PERSONAL
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.factories import BookingFactory, EventTypeFactory

HALF_HOUR = timedelta(minutes=30)


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """Expect the database to refuse what happens, by the constraint of that name."""
    with pytest.raises(IntegrityError, match=f'constraint "{constraint}"'), transaction.atomic():
        yield


def test_booking_ends_after_it_starts(event_type: EventType) -> None:
    with refused_by("booking_ends_after_start"):
        BookingFactory(event_type=event_type, starts_at=START, ends_at=START)


def test_booking_without_a_link_holds_no_use(event_type: EventType) -> None:
    with refused_by("booking_holds_use_of_a_link"):
        BookingFactory(event_type=event_type, holds_use=True)


def test_cancelled_booking_has_an_instant_of_its_cancellation(event_type: EventType) -> None:
    with refused_by("booking_cancelled_at_an_instant"):
        BookingFactory(event_type=event_type, status=BookingStatus.CANCELLED)


def test_booking_that_stands_has_no_instant_of_its_cancellation(event_type: EventType) -> None:
    with refused_by("booking_cancelled_at_an_instant"):
        BookingFactory(event_type=event_type, cancelled_at=NOW)


def test_guests_are_few(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, guests=[f"{number}@example.com" for number in range(10)])
    with refused_by("booking_guests_few"):
        BookingFactory(event_type=event_type, guests=[f"{number}@example.com" for number in range(11)])


def test_answers_are_a_list(event_type: EventType) -> None:
    with refused_by("booking_answers_in_a_list"):
        BookingFactory(event_type=event_type, answers={"Why?": "Because."})


PERSONAL = {
    "request_key": uuid.UUID(int=7),
    "reason": "Ill",
    "private_link_name": "For Iris",
    "location_kind": "host_calls",
    "location": "At Iris'",
    "invitee_name": "Iris",
    "invitee_email": "iris@example.com",
    "invitee_phone": "+49 30 1234",
    "invitee_time_zone": "Europe/Berlin",
    "notes": "Call me Iris.",
    "guests": [""],
    "answers": [{"question": "Who?", "kind": "line", "answer": "Iris"}],
}


def test_what_is_personal_is_named_once() -> None:
    assert PERSONAL.keys() == NOTHING_PERSONAL.keys()


@pytest.mark.parametrize("field", NOTHING_PERSONAL)
def test_erased_booking_holds_nothing_personal(event_type: EventType, field: str) -> None:
    booking = BookingFactory(event_type=event_type)
    Booking.objects.filter(pk=booking.pk).update(**NOTHING_PERSONAL, erased_at=NOW)

    with refused_by("booking_erased_holds_nothing_personal"):
        Booking.objects.filter(pk=booking.pk).update(**{field: PERSONAL[field]})


def test_erased_booking_waits_for_nobody(event_type: EventType) -> None:
    with refused_by("booking_erased_holds_nothing_personal"):
        BookingFactory(event_type=event_type, status=BookingStatus.PENDING, erased_at=NOW, **NOTHING_PERSONAL)


@pytest.mark.parametrize("first", [BookingStatus.CONFIRMED, BookingStatus.PENDING])
@pytest.mark.parametrize("second", [BookingStatus.CONFIRMED, BookingStatus.PENDING])
def test_host_is_not_booked_twice_at_a_time(event_type: EventType, first: str, second: str) -> None:
    BookingFactory(event_type=event_type, starts_at=START, status=first)

    with refused_by("booking_host_not_booked_twice"):
        BookingFactory(event_type=event_type, starts_at=START + HALF_HOUR / 2, status=second)


def test_host_may_be_booked_right_after_a_meeting(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START)
    BookingFactory(event_type=event_type, starts_at=START + HALF_HOUR)

    assert Booking.objects.count() == 2


def test_two_hosts_may_be_booked_at_the_same_time(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START)
    BookingFactory(event_type=EventTypeFactory(), starts_at=START)

    assert Booking.objects.count() == 2


def test_cancelled_booking_holds_no_time(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START, status=BookingStatus.CANCELLED, cancelled_at=NOW)
    BookingFactory(event_type=event_type, starts_at=START)

    assert Booking.objects.count() == 2


def test_overlap_is_said_in_words(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START)
    second = BookingFactory(event_type=event_type, starts_at=START + HALF_HOUR)
    second.starts_at -= HALF_HOUR / 2

    with pytest.raises(ValidationError) as refused:
        second.full_clean()

    assert refused.value.messages == ["The host has another booking at that time."]


def test_request_key_makes_one_booking(event_type: EventType) -> None:
    request_key = uuid.uuid4()
    BookingFactory(event_type=event_type, request_key=request_key)

    with refused_by("bookings_booking_request_key_key"):
        BookingFactory(event_type=event_type, request_key=request_key)


def test_declined_booking_has_an_instant_of_its_refusal(event_type: EventType) -> None:
    with refused_by("booking_declined_at_an_instant"):
        BookingFactory(event_type=event_type, status=BookingStatus.DECLINED)


def test_booking_that_stands_has_no_instant_of_its_refusal(event_type: EventType) -> None:
    with refused_by("booking_declined_at_an_instant"):
        BookingFactory(event_type=event_type, declined_at=NOW)


def test_confirmed_booking_has_an_instant_of_its_confirmation(event_type: EventType) -> None:
    with refused_by("booking_confirmed_at_an_instant"):
        BookingFactory(event_type=event_type, confirmed_at=None)


@pytest.mark.parametrize("changes", [{"status": "pending"}, {"status": "declined", "declined_at": NOW}])
def test_booking_that_is_not_confirmed_has_no_instant_of_it(event_type: EventType, changes: dict[str, Any]) -> None:
    with refused_by("booking_confirmed_at_an_instant"):
        BookingFactory(event_type=event_type, confirmed_at=NOW, **changes)


@pytest.mark.parametrize("confirmed_at", [NOW, None])
def test_cancelled_booking_may_have_been_confirmed_or_not(event_type: EventType, confirmed_at: datetime | None) -> None:
    BookingFactory(event_type=event_type, status=BookingStatus.CANCELLED, cancelled_at=NOW, confirmed_at=confirmed_at)

    assert Booking.objects.count() == 1


def test_declined_booking_holds_no_use(link: PrivateLink) -> None:
    with refused_by("booking_declined_holds_no_use"):
        BookingFactory(
            event_type=link.event_type,
            private_link=link,
            holds_use=True,
            status=BookingStatus.DECLINED,
            declined_at=NOW,
        )


def test_declined_booking_holds_no_time(event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START, status=BookingStatus.DECLINED, declined_at=NOW)
    BookingFactory(event_type=event_type, starts_at=START)

    assert Booking.objects.count() == 2


def test_change_moves_a_booking_once(event_type: EventType) -> None:
    booking = BookingFactory(event_type=event_type)
    move = {
        "booking": booking,
        "ics_sequence": 1,
        "at": NOW,
        "by": Party.HOST,
        "was_confirmed": True,
        "former_starts_at": START,
        "former_ends_at": START + HALF_HOUR,
    }
    Move.objects.create(**move)

    with refused_by("move_changes_a_booking_once"):
        Move.objects.create(**move)


@pytest.mark.parametrize("changes", [{"status": "pending"}, {"status": "cancelled", "cancelled_at": NOW}])
def test_only_a_confirmed_booking_is_a_no_show(event_type: EventType, changes: dict[str, Any]) -> None:
    with refused_by("booking_no_show_of_a_meeting"):
        BookingFactory(event_type=event_type, is_no_show=True, **changes)
