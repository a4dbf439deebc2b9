"""What a host reads of mails that could not be delivered, on the booking and in the lists, and what the buttons do."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.emails import MailKind
from bookings.models import Booking, BookingStatus, MailFailure, Party
from tests.bookings.booking_forms import NOW, START
from tests.bookings.failed_mails import REASON, booking, failed
from tests.bookings.queued_mails import queued_mails
from tests.factories import BookingFactory, EventTypeFactory, HostFactory

__all__ = ["booking"]


def words(page: str) -> str:
    return " ".join(page.split())


def test_page_of_a_booking_tells_which_mail_to_whom_when_and_why(host_client: Client, booking: Booking) -> None:
    failure = failed(booking, MailKind.REMINDER, minutes_before=60)

    page = words(host_client.get(f"/bookings/{booking.uid}/").text)

    expected = [
        "A mail could not be delivered",
        "Reminder, 1 hour before",
        "Iris Invitee (iris@example.com)",
        "Tuesday 1 December 2026, 09:00",
        REASON,
        f'action="/bookings/{booking.uid}/mails/{failure.pk}/send-again/"',
    ]
    assert [text for text in expected if text not in page] == []


def test_page_of_a_booking_tells_of_each_recipient(host_client: Client, booking: Booking) -> None:
    failed(booking)
    failed(booking, to="host")
    failed(booking, to="guest", guest_place=0)
    failed(booking, to="guest", guest_place=1)

    context = host_client.get(f"/bookings/{booking.uid}/").context

    assert [each.to for each in context["undelivered"]] == [
        "Iris Invitee (iris@example.com)",
        "you (ada@example.com)",
        "bo@example.com",
        # Whoever was erased meanwhile has no address any more.
        "a guest",
    ]


@pytest.mark.parametrize("kind", MailKind)
def test_each_kind_of_mail_has_words(host_client: Client, booking: Booking, kind: MailKind) -> None:
    failed(booking, kind)

    assert host_client.get(f"/bookings/{booking.uid}/").context["undelivered"][0].what


def test_booking_whose_mails_arrive_tells_nothing(host_client: Client, booking: Booking) -> None:
    pages = [host_client.get(address).text for address in (f"/bookings/{booking.uid}/", "/bookings/upcoming/")]

    assert ["delivered" in page for page in pages] == [False, False]


def test_host_sends_a_mail_again_and_sees_that_it_is_on_its_way(host_client: Client, booking: Booking) -> None:
    address = f"/bookings/{booking.uid}/"
    again = f"{address}mails/{failed(booking).pk}/send-again/"

    first = host_client.post(again, follow=True)
    second = host_client.post(again, follow=True)

    assert first.redirect_chain == second.redirect_chain == [(address, 302)]
    assert "The mail is sent again." in first.text
    assert "It was sent again on Tuesday 1 December 2026, 09:00, and is not delivered yet." in first.text
    assert [again in page.text for page in (first, second)] == [False, False]
    assert queued_mails() == [("confirmed", "invitee")]


def test_mail_that_is_out_of_date_offers_no_button(host_client: Client, booking: Booking) -> None:
    failure = failed(booking)
    Booking.objects.update(ics_sequence=1)

    page = host_client.get(f"/bookings/{booking.uid}/").text
    refused = host_client.post(f"/bookings/{booking.uid}/mails/{failure.pk}/send-again/", follow=True)

    assert "It is out of date, so it is not sent again." in page
    assert "Send again" not in page
    assert "There is nothing to send again" in refused.text
    assert queued_mails() == []


@pytest.mark.parametrize("ics_sequence", [0, 1])
def test_host_dismisses_a_mail_that_is_out_of_date_or_not(
    host_client: Client, booking: Booking, ics_sequence: int
) -> None:
    address = f"/bookings/{booking.uid}/"
    dismiss = f"{address}mails/{failed(booking).pk}/dismiss/"
    Booking.objects.update(ics_sequence=ics_sequence)
    before = host_client.get(address)

    page = host_client.post(dismiss, follow=True)

    assert f'action="{dismiss}"' in before.text
    assert page.redirect_chain == [(address, 302)]
    assert "Dismissed. The history of the booking still tells of it." in page.text
    assert page.context["undelivered"] == []


def test_hosts_dismiss_mails_of_their_own_bookings_only(host_client: Client, booking: Booking) -> None:
    foreign = BookingFactory(event_type=EventTypeFactory(), starts_at=START)
    failure = failed(foreign)

    theirs = host_client.post(f"/bookings/{foreign.uid}/mails/{failure.pk}/dismiss/")

    assert theirs.status_code == 404
    assert MailFailure.objects.filter(pk=failure.pk).exists()


def test_hosts_send_mails_of_their_own_bookings_only(host_client: Client, booking: Booking) -> None:
    foreign = BookingFactory(event_type=EventTypeFactory(), starts_at=START)
    failure = failed(foreign)

    theirs = host_client.post(f"/bookings/{foreign.uid}/mails/{failure.pk}/send-again/")
    by_way_of_mine = host_client.post(f"/bookings/{booking.uid}/mails/{failure.pk}/send-again/", follow=True)

    assert theirs.status_code == 404
    assert "There is nothing to send again" in by_way_of_mine.text
    assert queued_mails() == []


def test_visitors_send_nothing(client: Client, booking: Booking) -> None:
    response = client.post(f"/bookings/{booking.uid}/mails/{failed(booking).pk}/send-again/")

    assert response["Location"].startswith("/accounts/login/")
    assert queued_mails() == []


def test_looking_sends_nothing(host_client: Client, booking: Booking) -> None:
    assert host_client.get(f"/bookings/{booking.uid}/mails/{failed(booking).pk}/send-again/").status_code == 405


@pytest.mark.parametrize(
    ("which", "changes"),
    [
        ("upcoming", {}),
        ("pending", {"status": BookingStatus.PENDING, "confirmed_at": None}),
        ("past", {"starts_at": NOW - timedelta(days=1), "ends_at": NOW - timedelta(hours=23)}),
        ("cancelled", {"status": BookingStatus.CANCELLED, "cancelled_at": NOW, "cancelled_by": Party.HOST}),
    ],
)
def test_lists_mark_the_booking_alone(
    host_client: Client, booking: Booking, which: str, changes: dict[str, Any]
) -> None:
    BookingFactory(event_type=booking.event_type, starts_at=START + timedelta(days=1))
    failed(booking)
    failed(booking, to="host")
    Booking.objects.filter(pk=booking.pk).update(**changes)

    assert host_client.get(f"/bookings/{which}/").text.count("Mail not delivered") == 1


def test_lists_mark_no_booking_whose_mail_a_later_one_has_overtaken(host_client: Client, booking: Booking) -> None:
    failed(booking)
    Booking.objects.update(ics_sequence=1)

    assert "Mail not delivered" not in host_client.get("/bookings/upcoming/").text


def test_staff_see_what_was_not_delivered_and_find_it(client: Client, booking: Booking) -> None:
    client.force_login(HostFactory(is_staff=True, is_superuser=True))
    BookingFactory(event_type=booking.event_type)
    failed(booking)

    page = client.get(f"/admin/bookings/booking/{booking.pk}/change/").text
    found = client.get("/admin/bookings/booking/?undelivered=yes")

    assert REASON in page
    assert str(booking.uid) not in page
    assert list(found.context["cl"].result_list) == [booking]
