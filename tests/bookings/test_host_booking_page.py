"""A host's page of one booking, and the page that asks before it is cancelled."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bookings.models import Booking, BookingStatus, Party
from bookings.services.cancelling import cancel_by_invitee
from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.event_types import delete_event_type
from tests.bookings.booking_forms import NOW, START
from tests.bookings.hosts_bookings import _clock, booking, made
from tests.bookings.queries import count_queries
from tests.bookings.queued_mails import queued_mails
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory

__all__ = ["_clock", "booking"]


# --- One booking ---------------------------------------------------------------------------------------------------


def test_page_of_a_booking_says_everything_about_it(host_client: Client, booking: Booking, link: PrivateLink) -> None:
    booking.invitee_time_zone = "America/New_York"
    booking.save()

    page = host_client.get(f"/bookings/{booking.uid}/").content.decode()

    expected = [
        "Discovery call",
        "Confirmed",
        "Thursday 3 December 2026, 10:00 – 10:30 (Europe/Berlin)",
        "Thursday 3 December 2026, 04:00 – 04:30 (America/New York)",
        "Room 1",
        "Iris Invitee",
        'href="mailto:iris@example.com"',
        "About the garden.",
        f'<a href="/private-links/{link.pk}/">For Grace</a>',
        "Monday 30 November 2026, 09:00, by Iris Invitee",
    ]
    assert [words for words in expected if words not in page] == []
    assert link.hash not in page


def test_page_of_a_cancelled_booking_says_when_and_by_whom(host_client: Client, booking: Booking) -> None:
    cancel_by_invitee(booking=booking)

    page = " ".join(host_client.get(f"/bookings/{booking.uid}/").content.decode().split())

    assert "Tuesday 1 December 2026, 09:00, by Iris Invitee" in page
    assert "Cancel booking" not in page


def test_page_of_a_booking_takes_seven_queries(host_client: Client, booking: Booking) -> None:
    with CaptureQueriesContext(connection) as queries:
        host_client.get(f"/bookings/{booking.uid}/")

    # Session, host, booking, moves, clock, history, mails that could not be delivered.
    assert count_queries(queries) == 7


@pytest.mark.parametrize(("visibility", "is_offered"), [("public", True), ("unlisted", True), ("private", False)])
def test_address_to_book_again_is_that_of_an_open_event_type(
    host_client: Client, booking: Booking, settings: Settings, visibility: str, is_offered: bool
) -> None:
    settings.SITE_URL = "https://book.example.com"
    EventType.objects.update(visibility=Visibility(visibility))

    page = host_client.get(f"/bookings/{booking.uid}/").text

    assert ('value="https://book.example.com/ada/discovery-call/"' in page) == is_offered
    assert ("At this address Iris Invitee can book another time." in page) == is_offered


def test_booking_of_a_deleted_event_type_has_no_address_to_book_again(host_client: Client, booking: Booking) -> None:
    delete_event_type(event_type=EventType.objects.get())

    assert "Book again" not in host_client.get(f"/bookings/{booking.uid}/").text


@pytest.mark.parametrize("path", ["", "cancel/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_hosts_booking_is_not_found(host_client: Client, path: str, method: str) -> None:
    foreign = made(EventTypeFactory(), START, "Not yours")

    response = getattr(host_client, method)(f"/bookings/{foreign.uid}/{path}")

    assert response.status_code == (405 if (method, path) == ("post", "") else 404)
    assert Booking.objects.get(pk=foreign.pk).status == BookingStatus.CONFIRMED


@pytest.mark.parametrize("path", ["", "upcoming/", "{uid}/", "{uid}/cancel/"])
def test_visitor_is_asked_to_log_in(client: Client, booking: Booking, path: str) -> None:
    address = f"/bookings/{path.format(uid=booking.uid)}"

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


def test_pages_stay_in_no_cache(host_client: Client, booking: Booking) -> None:
    addresses = ["/bookings/upcoming/", f"/bookings/{booking.uid}/", f"/bookings/{booking.uid}/cancel/"]

    headers = {host_client.get(address)["Cache-Control"] for address in addresses}

    assert headers == {"max-age=0, no-cache, no-store, must-revalidate, private"}


# --- Cancelling ----------------------------------------------------------------------------------------------------


def test_cancelling_asks_first_and_names_the_consequence(host_client: Client, booking: Booking) -> None:
    response = host_client.get(f"/bookings/{booking.uid}/cancel/")

    page = response.content.decode()
    assert "Iris Invitee gets a mail, and the time is free again." in page
    assert response.context["form"]["gives_use_back"].value() is True
    assert "Let them book again with this link" in page
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CONFIRMED


@pytest.mark.parametrize(("fields", "uses"), [({"gives_use_back": "on"}, 0), ({}, 1)])
def test_cancelling_does_as_the_host_says(
    host_client: Client, booking: Booking, link: PrivateLink, fields: dict[str, str], uses: int
) -> None:
    response = host_client.post(f"/bookings/{booking.uid}/cancel/", fields, follow=True)

    booking.refresh_from_db()
    link.refresh_from_db()
    assert (booking.status, booking.cancelled_by, link.usage_count) == (BookingStatus.CANCELLED, Party.HOST, uses)
    assert queued_mails(booking) == [("cancelled", "host"), ("cancelled", "invitee")]
    assert response.redirect_chain == [(f"/bookings/{booking.uid}/", 302)]
    assert "The booking is cancelled. Iris Invitee gets a mail." in response.content.decode()


def test_booking_that_holds_no_use_is_cancelled_without_that_question(
    host_client: Client, event_type: EventType
) -> None:
    booking = made(event_type, START, "Grace")

    page = host_client.get(f"/bookings/{booking.uid}/cancel/").content.decode()

    assert "Let them book again" not in page
    assert host_client.post(f"/bookings/{booking.uid}/cancel/").status_code == 302


def test_meeting_that_has_begun_is_not_cancelled(
    host_client: Client, booking: Booking, database_clock: DatabaseClock
) -> None:
    database_clock.set(START)

    asked = host_client.get(f"/bookings/{booking.uid}/cancel/")
    told = host_client.post(f"/bookings/{booking.uid}/cancel/", follow=True)

    assert (asked.status_code, asked["Location"]) == (302, f"/bookings/{booking.uid}/")
    assert "The meeting has begun, so it cannot be cancelled any more." in told.content.decode()
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CONFIRMED


def test_booking_that_the_invitee_has_cancelled_before_stays_theirs(host_client: Client, booking: Booking) -> None:
    booking.status, booking.cancelled_at, booking.cancelled_by = BookingStatus.CANCELLED, NOW, Party.INVITEE
    booking.save()

    response = host_client.post(f"/bookings/{booking.uid}/cancel/", {"gives_use_back": "on"}, follow=True)

    assert "The booking was cancelled before." in response.content.decode()
    assert queued_mails(booking) == []
