"""Bookings in the admin: to look at and to cancel, and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking, BookingStatus, Party
from eventtypes.models import Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START
from tests.bookings.hosts_bookings import _clock, booking
from tests.bookings.queued_mails import queued_mails
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, HostFactory

__all__ = ["_clock", "booking"]

LIST = "/admin/bookings/booking/"


@pytest.fixture
def staff_client(client: Client) -> Client:
    client.force_login(HostFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize(
    "query",
    ["", "?q=iris", "?q=Grace", "?status__exact=confirmed", "?starts_at__year=2026", "?private_link__id__exact={link}"],
)
def test_staff_find_a_booking(staff_client: Client, booking: Booking, query: str) -> None:
    response = staff_client.get(LIST + query.format(link=booking.private_link_id))

    assert list(response.context["cl"].result_list) == [booking]


def test_staff_look_at_a_booking_but_change_nothing(staff_client: Client, booking: Booking, link: PrivateLink) -> None:
    page = staff_client.get(f"{LIST}{booking.pk}/change/").content.decode()
    refused = staff_client.post(f"{LIST}{booking.pk}/change/", {"title": "Other", "holds_use": ""})

    assert "Iris Invitee" in page
    assert [secret for secret in (str(booking.uid), link.hash) if secret in page] == []
    assert 'name="title"' not in page
    assert refused.status_code == 403


def test_times_are_on_the_hosts_clocks_and_say_so(staff_client: Client, booking: Booking) -> None:
    Host.objects.filter(pk=booking.host_id).update(time_zone="Europe/Berlin")
    when = "Thursday 3 December 2026, 10:00 – 10:30 (Europe/Berlin)"

    assert f">{when}</a>" in staff_client.get(LIST).text
    assert f">{when}</div>" in staff_client.get(f"{LIST}{booking.pk}/change/").text


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_bookings_are_neither_added_nor_deleted(staff_client: Client, booking: Booking, path: str) -> None:
    assert staff_client.post(LIST + path.format(pk=booking.pk), {"post": "yes"}).status_code == 403


def test_deleting_is_no_action(staff_client: Client, booking: Booking) -> None:
    actions = staff_client.get(LIST).context["action_form"].fields["action"].choices

    assert [name for name, _label in actions if name] == ["cancel"]


def test_staff_cancel_for_the_host_and_give_the_use_back(
    staff_client: Client, booking: Booking, link: PrivateLink
) -> None:
    page = staff_client.post(LIST, {"action": "cancel", "_selected_action": [booking.pk]}, follow=True)

    booking.refresh_from_db()
    link.refresh_from_db()
    assert (booking.status, booking.cancelled_by, link.usage_count) == (BookingStatus.CANCELLED, Party.HOST, 0)
    assert queued_mails(booking) == [("cancelled", "host"), ("cancelled", "invitee")]
    assert "1 booking is cancelled." in page.content.decode()


def test_meetings_that_have_begun_are_left_alone(
    staff_client: Client, booking: Booking, database_clock: DatabaseClock
) -> None:
    later = BookingFactory(event_type=booking.event_type, starts_at=START + timedelta(days=1))
    database_clock.set(START)

    page = staff_client.post(LIST, {"action": "cancel", "_selected_action": [booking.pk, later.pk]}, follow=True)

    assert list(Booking.objects.filter(status=BookingStatus.CANCELLED)) == [later]
    assert "1 booking is cancelled." in page.content.decode()


def test_hosts_have_no_admin(host_client: Client, booking: Booking) -> None:
    assert host_client.get(LIST).status_code == 302
