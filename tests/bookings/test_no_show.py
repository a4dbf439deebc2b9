"""No-shows: marked by the host once the meeting has begun, taken back as easily, and seen by the host alone."""

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking, BookingStatus, Party
from bookings.services.cancelling import cancel_by_host
from bookings.services.no_show import NotMarkableError, mark_no_show, undo_no_show
from eventtypes.models import EventType
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, EventTypeFactory
from tests.meanwhile import meanwhile


@pytest.fixture
def booking(event_type: EventType, database_clock: DatabaseClock) -> Booking:
    """A meeting that has just begun."""
    empty_queue()
    database_clock.set(START)
    booking: Booking = BookingFactory(event_type=event_type, starts_at=START)
    return booking


def is_no_show(booking: Booking) -> bool:
    return Booking.objects.get(pk=booking.pk).is_no_show


# --- The services --------------------------------------------------------------------------------------------------


def test_no_show_is_a_mark_on_a_confirmed_booking(booking: Booking) -> None:
    mark_no_show(booking=booking)

    stored = Booking.objects.get()
    assert (stored.is_no_show, stored.status, stored.ics_sequence) == (True, BookingStatus.CONFIRMED, 0)
    assert queued_mails(booking) == []


def test_no_show_is_taken_back(booking: Booking) -> None:
    mark_no_show(booking=booking)

    undo_no_show(booking=booking)

    assert not is_no_show(booking)


@pytest.mark.parametrize("act", [mark_no_show, undo_no_show])
def test_doing_it_twice_is_doing_it_once(booking: Booking, act: object) -> None:
    assert callable(act)
    if act is undo_no_show:
        mark_no_show(booking=booking)
    before = booking.events.count()

    act(booking=booking)
    act(booking=booking)

    assert booking.events.count() == before + 1


def test_meeting_that_has_not_begun_is_no_no_show(booking: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START - timedelta.resolution)

    with pytest.raises(NotMarkableError):
        mark_no_show(booking=booking)

    assert not is_no_show(booking)


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.PENDING])
def test_meeting_that_does_not_take_place_is_no_no_show(booking: Booking, status: BookingStatus) -> None:
    cancelled_at = NOW if status == BookingStatus.CANCELLED else None
    Booking.objects.update(status=status, confirmed_at=None, cancelled_at=cancelled_at)

    with pytest.raises(NotMarkableError):
        mark_no_show(booking=booking)

    assert not is_no_show(booking)


@pytest.mark.django_db(transaction=True)
def test_booking_that_is_cancelled_meanwhile_is_no_no_show(booking: Booking) -> None:
    Booking.objects.update(starts_at=START + timedelta(minutes=1))

    def cancel_and_let_it_begin() -> None:
        cancel_by_host(booking=booking, gives_use_back=False)
        Booking.objects.update(starts_at=START)

    with meanwhile(cancel_and_let_it_begin), pytest.raises(NotMarkableError):
        mark_no_show(booking=booking)

    assert not is_no_show(booking)


# --- The pages -----------------------------------------------------------------------------------------------------


def test_host_marks_a_no_show_and_takes_it_back(host_client: Client, booking: Booking) -> None:
    address = f"/bookings/{booking.uid}/"

    before = host_client.get(address).text
    marked = host_client.post(f"{address}no-show/", follow=True)
    undone = host_client.post(f"{address}no-show/undo/", follow=True)

    assert f'action="{address}no-show/"' in before
    assert marked.redirect_chain == undone.redirect_chain == [(address, 302)]
    assert ["Marked as no-show. Only you see it." in marked.text, 'badge-no_show"' in marked.text] == [True, True]
    assert f'action="{address}no-show/undo/"' in marked.text
    assert ["No-show taken back." in undone.text, 'badge-no_show"' in undone.text] == [True, False]


def test_past_list_tells_a_no_show(host_client: Client, booking: Booking, database_clock: DatabaseClock) -> None:
    mark_no_show(booking=booking)
    database_clock.set(START + timedelta(hours=1))

    assert "No-show" in host_client.get("/bookings/past/").text


def test_booking_ahead_offers_no_mark(host_client: Client, booking: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(NOW)

    page = host_client.get(f"/bookings/{booking.uid}/").text
    refused = host_client.post(f"/bookings/{booking.uid}/no-show/", follow=True)

    assert "no-show" not in page
    assert "Only a confirmed meeting that has begun can be marked as no-show." in refused.text
    assert not is_no_show(booking)


def test_cancelled_booking_offers_no_mark(host_client: Client, booking: Booking) -> None:
    Booking.objects.update(status=BookingStatus.CANCELLED, cancelled_at=NOW, cancelled_by=Party.HOST)

    assert "no-show" not in host_client.get(f"/bookings/{booking.uid}/").text


@pytest.mark.parametrize("path", ["no-show/", "no-show/undo/"])
def test_hosts_mark_their_own_bookings_only(host_client: Client, booking: Booking, path: str) -> None:
    foreign = BookingFactory(event_type=EventTypeFactory(), starts_at=START)

    response = host_client.post(f"/bookings/{foreign.uid}/{path}")

    assert (response.status_code, is_no_show(foreign)) == (404, False)


@pytest.mark.parametrize("path", ["no-show/", "no-show/undo/"])
def test_looking_marks_nothing(host_client: Client, booking: Booking, path: str) -> None:
    assert host_client.get(f"/bookings/{booking.uid}/{path}").status_code == 405
    assert not is_no_show(booking)


def test_invitee_does_not_read_it(client: Client, booking: Booking) -> None:
    before = client.get(f"/booking/{booking.uid}/").text

    mark_no_show(booking=booking)

    assert client.get(f"/booking/{booking.uid}/").text == before
