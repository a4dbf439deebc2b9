"""Settings, Privacy: what is kept of an invitee, downloading it, erasing it, and a host's own data."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.models import Booking
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link
from tests.bookings.booking_forms import NOW
from tests.factories import BookingFactory, EventTypeFactory

PAGE = "/settings/privacy/"
IRIS = {"email": "iris@example.com"}
LAST_WEEK = NOW - timedelta(days=7)


@pytest.fixture
def met(event_type: EventType, link: PrivateLink, clock: None) -> Booking:
    """Iris was here last week, and has a link that is for nobody else."""
    change_link(link=link, changes={"name": "Iris’ link", "allowed_invitees": ["iris@example.com"]})
    booking: Booking = BookingFactory(event_type=event_type, starts_at=LAST_WEEK, notes="I am Iris.")
    return booking


def words(page: str) -> str:
    return " ".join(page.split())


def test_page_asks_for_an_address(host_client: Client) -> None:
    response = host_client.get(PAGE)

    assert response.status_code == 200
    assert "E-mail address of the invitee" in response.text
    assert "They are kept until you erase their invitees." in words(response.text)


@pytest.mark.parametrize(("days", "said"), [(1, "One day after a meeting"), (90, "90 days after a meeting")])
def test_page_says_how_long_bookings_are_kept(host_client: Client, settings: Settings, days: int, said: str) -> None:
    settings.BOOKINGS_KEPT_DAYS = days

    assert said in host_client.get(PAGE).text


def test_settings_lead_to_the_page(host_client: Client) -> None:
    assert f'href="{PAGE}">Privacy</a>' in host_client.get("/settings/profile/").text


@pytest.mark.parametrize("path", ["", "invitee.json", "erase/"])
@pytest.mark.parametrize("email", ["", "iris", "a@b\0.example", "x" * 300 + "@example.com"])
def test_what_is_no_address_is_said_beside_the_field(host_client: Client, path: str, email: str) -> None:
    response = host_client.post(f"{PAGE}{path}", {"email": email})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text


def test_found_invitee_is_counted(host_client: Client, met: Booking) -> None:
    page = words(host_client.post(PAGE, {"email": "IRIS@example.com"}).text)

    assert "<li>1 booking</li><li>1 private link that names them</li>" in page.replace("> <", "><")
    assert 'name="email" value="IRIS@example.com"' in page


@pytest.mark.parametrize("path", ["", "invitee.json", "erase/"])
def test_of_a_stranger_nothing_is_kept(host_client: Client, met: Booking, path: str) -> None:
    response = host_client.post(f"{PAGE}{path}", {"email": "bo@example.com"})

    assert response.status_code == 200
    assert "You keep nothing of bo@example.com." in response.text


def test_invitee_can_be_downloaded(host_client: Client, met: Booking) -> None:
    response = host_client.post(f"{PAGE}invitee.json", IRIS)

    assert json.loads(response.getvalue())["bookings"][0]["notes"] == "I am Iris."
    assert response["Content-Disposition"] == 'attachment; filename="invitee-2026-12-01.json"'
    assert response["Cache-Control"] == "private, no-store"


def test_host_can_download_everything(host_client: Client, met: Booking) -> None:
    response = host_client.get(f"{PAGE}data.json")

    assert json.loads(response.getvalue())["host"]["username"] == "ada"
    assert response["Content-Disposition"] == 'attachment; filename="sidedoor-ada-2026-12-01.json"'
    assert response["Cache-Control"] == "private, no-store"


def test_it_is_asked_before_anything_is_erased(host_client: Client, met: Booking) -> None:
    page = words(host_client.post(f"{PAGE}erase/", IRIS).text)

    assert "<h1>Erase this invitee?</h1>" in page
    assert "<li>1 booking</li>" in page
    assert "Iris’ link<br><span" in page
    assert "so it is paused: otherwise it would be open to everybody." in page
    assert Booking.objects.not_erased().count() == 1


def test_invitee_is_erased(host_client: Client, met: Booking) -> None:
    response = host_client.post(f"{PAGE}erase/", IRIS | {"confirmed": "yes"}, follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert "Erased: 1 booking, 1 private link that names them." in response.text
    assert "iris@example.com" not in response.text
    assert Booking.objects.not_erased().count() == 0


def test_second_click_erases_nothing_more(host_client: Client, met: Booking) -> None:
    host_client.post(f"{PAGE}erase/", IRIS | {"confirmed": "yes"})
    response = host_client.post(f"{PAGE}erase/", IRIS | {"confirmed": "yes"}, follow=True)

    assert response.status_code == 200
    assert "Nothing is kept of this address any more." in response.text


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_bookings_ahead_are_named(host_client: Client, met: Booking, confirmed: dict[str, str]) -> None:
    ahead = BookingFactory(event_type=met.event_type, starts_at=NOW + timedelta(days=7))

    response = host_client.post(f"{PAGE}erase/", IRIS | confirmed)

    assert response.status_code == 409
    assert f'href="/bookings/{ahead.uid}/"' in response.text
    assert "Tuesday 8 December 2026, 09:00 – 09:30" in response.text
    assert Booking.objects.not_erased().count() == 2


def test_other_hosts_invitees_are_not_found(host_client: Client, host: Host, clock: None) -> None:
    BookingFactory(event_type=EventTypeFactory(), starts_at=LAST_WEEK)

    page = host_client.post(f"{PAGE}erase/", IRIS | {"confirmed": "yes"}, follow=True).text

    assert "Nothing is kept of this address any more." in page
    assert Booking.objects.not_erased().count() == 1


@pytest.mark.parametrize("path", ["invitee.json", "erase/"])
def test_address_comes_by_post_alone(host_client: Client, met: Booking, path: str) -> None:
    assert host_client.get(f"{PAGE}{path}", IRIS).status_code == 405


@pytest.mark.parametrize("path", ["", "data.json"])
def test_visitor_is_asked_to_log_in(client: Client, db: None, path: str) -> None:
    response = client.get(f"{PAGE}{path}")

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={PAGE}{path}")


def test_erased_booking_has_no_buttons(host_client: Client, met: Booking) -> None:
    host_client.post(f"{PAGE}erase/", IRIS | {"confirmed": "yes"})

    page = host_client.get(f"/bookings/{met.uid}/").text

    assert [text in page for text in ("Mark as no-show", "Book again", "mailto:", ">Invitee<")] == [False] * 4
