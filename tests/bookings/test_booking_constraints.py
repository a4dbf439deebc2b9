"""What the database refuses about bookings: one test for each named constraint."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bookings.models import Booking, BookingStatus
from eventtypes.models import EventType
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


@pytest.mark.parametrize("status", [BookingStatus.PENDING, BookingStatus.CANCELLED])
def test_only_a_confirmed_booking_is_a_no_show(event_type: EventType, status: BookingStatus) -> None:
    cancelled_at = NOW if status == BookingStatus.CANCELLED else None

    with refused_by("booking_no_show_of_a_meeting"):
        BookingFactory(event_type=event_type, status=status, cancelled_at=cancelled_at, is_no_show=True)
