"""Cancelling by the invitee: what is asked and said first, the reason, and the booking that may not be cancelled."""

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking, BookingStatus
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.rescheduling import reschedule_by_host
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.invitees_booking import booking, cancel, page_of, through_link
from tests.clock import DatabaseClock
from tests.privatelinks.forms_of_a_page import fields_of

__all__ = ["booking", "through_link"]

pytestmark = pytest.mark.usefixtures("clock")

MOVED = "The meeting has been moved since you looked at it. Please look at its time again."


def test_cancelling_asks_first(client: Client, booking: Booking) -> None:
    page = page_of(client, booking, "cancel/")

    booking.refresh_from_db()
    assert "<h1>Cancel the meeting?</h1>" in page
    assert not booking.is_cancelled


def test_cancelling_leads_back_to_the_booking(client: Client, booking: Booking) -> None:
    answer = client.post(f"/booking/{booking.uid}/cancel/")

    booking.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/booking/{booking.uid}/")
    assert (booking.status, booking.cancelled_by, booking.cancelled_at) == ("cancelled", "invitee", NOW)


def test_cancelling_again_changes_nothing(client: Client, booking: Booking, database_clock: DatabaseClock) -> None:
    cancel(client, booking)
    database_clock.set(NOW + timedelta(hours=1))

    cancel(client, booking)

    assert (booking.cancelled_at, booking.ics_sequence) == (NOW, 1)
    assert client.get(f"/booking/{booking.uid}/cancel/").headers["Location"] == f"/booking/{booking.uid}/"


def test_meeting_that_has_begun_is_not_cancelled(
    client: Client, booking: Booking, database_clock: DatabaseClock
) -> None:
    database_clock.set(START)

    cancel(client, booking)

    assert not booking.is_cancelled
    assert client.get(f"/booking/{booking.uid}/cancel/").headers["Location"] == f"/booking/{booking.uid}/"


def test_cancelling_what_was_moved_since_the_invitee_looked_asks_again(client: Client, booking: Booking) -> None:
    address = f"/booking/{booking.uid}/cancel/"
    fields = fields_of(client.get(address).text, having="reason") | {"reason": "Flu."}
    reschedule_by_host(booking=booking, starts_at=START + timedelta(days=1))

    asked = client.post(address, fields)
    booking.refresh_from_db()
    was_cancelled = booking.is_cancelled
    client.post(address, fields_of(asked.text, having="reason"))

    assert asked.status_code == 409
    assert MOVED in asked.text
    assert "Friday 4 December 2026<br>04:00 – 04:30<br>" in asked.text
    assert not was_cancelled
    booking.refresh_from_db()
    assert (booking.status, booking.reason) == (BookingStatus.CANCELLED, "Flu.")


def test_cancelling_what_was_moved_since_with_a_reason_that_is_refused_tells_both(
    client: Client, booking: Booking
) -> None:
    reschedule_by_host(booking=booking, starts_at=START + timedelta(days=1))

    asked = client.post(f"/booking/{booking.uid}/cancel/", {"sequence": 0, "reason": "x" * 501})

    assert asked.status_code == 409
    assert MOVED in asked.text
    assert "at most 500 characters" in asked.text


def test_cancelling_what_was_confirmed_since_the_invitee_looked_cancels_it(client: Client, booking: Booking) -> None:
    Booking.objects.update(status=BookingStatus.PENDING, confirmed_at=None)
    address = f"/booking/{booking.uid}/cancel/"
    fields = fields_of(client.get(address).text, having="reason")
    confirm_booking(booking=booking)

    client.post(address, fields)

    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED


def test_cancelling_what_was_declined_since_the_invitee_looked_leads_to_the_booking(
    client: Client, booking: Booking
) -> None:
    Booking.objects.update(status=BookingStatus.PENDING, confirmed_at=None)
    address = f"/booking/{booking.uid}/cancel/"
    fields = fields_of(client.get(address).text, having="reason")
    decline_booking(booking=booking)

    answer = client.post(address, fields)

    booking.refresh_from_db()
    assert (answer.headers["Location"], booking.status) == (f"/booking/{booking.uid}/", BookingStatus.DECLINED)


def test_cancelling_needs_a_token(booking: Booking) -> None:
    answer = Client(enforce_csrf_checks=True).post(f"/booking/{booking.uid}/cancel/")

    booking.refresh_from_db()
    assert (answer.status_code, booking.is_cancelled) == (403, False)


@pytest.mark.parametrize(("visibility", "needs_a_link"), [("public", False), ("unlisted", False), ("private", True)])
def test_cancel_page_says_that_the_link_has_no_use_left(
    client: Client, through_link: Booking, visibility: str, needs_a_link: bool
) -> None:
    EventType.objects.update(visibility=Visibility(visibility))

    page = page_of(client, through_link, "cancel/")

    assert "The link that you booked with has no use left." in page
    assert ("To meet at another time, you will need a new one from Ada Host." in page) == needs_a_link


def test_cancel_page_says_nothing_of_a_link_that_gets_its_use_back(client: Client, through_link: Booking) -> None:
    PrivateLink.objects.update(returns_uses=True)

    assert "The link that you booked with" not in page_of(client, through_link, "cancel/")


def test_cancel_page_says_nothing_of_a_link_with_more_uses(client: Client, through_link: Booking) -> None:
    PrivateLink.objects.update(max_uses=2)

    assert "The link that you booked with" not in page_of(client, through_link, "cancel/")


@pytest.mark.parametrize("end", ["expire", "delete"])
def test_cancel_page_says_that_the_link_is_over(client: Client, through_link: Booking, end: str) -> None:
    if end == "expire":
        PrivateLink.objects.update(expires_at=NOW, max_uses=None)
    else:
        Booking.objects.update(holds_use=False)
        PrivateLink.objects.all().delete()

    assert "The link that you booked with is no longer available." in page_of(client, through_link, "cancel/")


def test_use_comes_back_only_if_the_link_gives_it_back(client: Client, through_link: Booking) -> None:
    cancel(client, through_link)

    assert PrivateLink.objects.get().usage_count == 1


def test_cancelling_takes_a_reason(client: Client, booking: Booking) -> None:
    client.post(f"/booking/{booking.uid}/cancel/", {"reason": "I am <b>ill</b>."})

    booking.refresh_from_db()
    assert (booking.status, booking.reason) == (BookingStatus.CANCELLED, "I am <b>ill</b>.")
    assert "I am &lt;b&gt;ill&lt;/b&gt;." in page_of(client, booking)


@pytest.mark.parametrize("reason", ["x" * 501, "bell \x07"])
def test_reason_that_is_no_text_is_refused_and_nothing_is_cancelled(
    client: Client, booking: Booking, reason: str
) -> None:
    answer = client.post(f"/booking/{booking.uid}/cancel/", {"reason": reason})

    booking.refresh_from_db()
    assert (answer.status_code, booking.status) == (422, BookingStatus.CONFIRMED)
    assert list(answer.context["form"].errors) == ["reason"]
    assert reason in answer.text


@pytest.mark.parametrize("changes", [{"invitees_may_cancel": False}, {"change_notice_hours": 49}])
def test_booking_that_may_not_be_cancelled_is_not(client: Client, booking: Booking, changes: dict[str, object]) -> None:
    EventType.objects.update(**changes)

    asked = client.get(f"/booking/{booking.uid}/cancel/")
    cancel(client, booking)

    assert asked.headers["Location"] == f"/booking/{booking.uid}/"
    assert booking.status == BookingStatus.CONFIRMED
