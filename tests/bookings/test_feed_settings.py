"""Settings, Calendar feed: making, copying, replacing and switching off."""

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.models import CalendarFeed
from bookings.services.calendar_feed import switch_feed_on
from eventtypes.models import Host
from tests.factories import HostFactory

PAGE = "/settings/calendar-feed/"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "https://book.example.com"


@pytest.fixture
def feed(host: Host) -> CalendarFeed:
    return switch_feed_on(host=host)


def test_host_without_a_feed_is_offered_one(host_client: Client) -> None:
    page = host_client.get(PAGE).text

    assert "Make a calendar feed" in page
    assert "/calendar/" not in page
    assert CalendarFeed.objects.count() == 0


def test_feed_is_made_and_shown(host_client: Client, host: Host) -> None:
    response = host_client.post(f"{PAGE}on/", follow=True)

    url = f"https://book.example.com/calendar/{CalendarFeed.objects.get(host=host).hash}.ics"
    assert response.redirect_chain == [(PAGE, 302)]
    assert f'value="{url}"' in response.text
    assert f'href="webcal{url.removeprefix("https")}"' in response.text
    assert "Copy its URL into your calendar." in response.text


def test_making_it_twice_keeps_the_url(host_client: Client, feed: CalendarFeed) -> None:
    host_client.post(f"{PAGE}on/")

    assert CalendarFeed.objects.get().hash == feed.hash


@pytest.mark.parametrize(
    ("action", "question", "consequence"),
    [
        ("new-url", "Make a new URL?", "The old URL is dead for good"),
        ("off", "Switch the calendar feed off?", "Its URL is dead for good"),
    ],
)
def test_it_is_asked_first(
    host_client: Client, feed: CalendarFeed, action: str, question: str, consequence: str
) -> None:
    page = host_client.get(f"{PAGE}{action}/").text

    assert f"<h1>{question}</h1>" in page
    assert consequence in page
    assert CalendarFeed.objects.get().hash == feed.hash


def test_url_is_replaced(host_client: Client, feed: CalendarFeed) -> None:
    response = host_client.post(f"{PAGE}new-url/", follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert "Your calendar feed has a new URL. The old one is dead." in response.text
    assert feed.hash not in response.text
    assert CalendarFeed.objects.get().get_absolute_url() in response.text


def test_feed_is_switched_off(host_client: Client, feed: CalendarFeed) -> None:
    response = host_client.post(f"{PAGE}off/", follow=True)

    assert "Your calendar feed is switched off." in response.text
    assert "Make a calendar feed" in response.text
    assert CalendarFeed.objects.count() == 0


def test_second_tab_switches_nothing_on(host_client: Client, feed: CalendarFeed) -> None:
    host_client.post(f"{PAGE}off/")

    replaced = host_client.post(f"{PAGE}new-url/", follow=True)
    again = host_client.post(f"{PAGE}off/", follow=True)

    assert "so it has no URL to replace" in replaced.text
    assert again.status_code == 200
    assert CalendarFeed.objects.count() == 0


def test_hosts_see_and_change_their_own_feed(host_client: Client) -> None:
    other = switch_feed_on(host=HostFactory())

    page = host_client.get(PAGE).text
    for action in ("new-url", "off"):
        host_client.post(f"{PAGE}{action}/")

    assert other.hash not in page
    assert CalendarFeed.objects.get().hash == other.hash


def test_page_stays_in_no_cache(host_client: Client, feed: CalendarFeed) -> None:
    assert host_client.get(PAGE)["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize("path", ["", "new-url/", "off/"])
def test_visitor_is_asked_to_log_in(client: Client, feed: CalendarFeed, path: str) -> None:
    response = client.get(f"{PAGE}{path}")

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={PAGE}{path}")


def test_settings_lead_to_the_feed(host_client: Client) -> None:
    assert f'href="{PAGE}">Calendar feed</a>' in host_client.get("/settings/profile/").text


def test_url_is_on_no_page_but_its_own(host_client: Client, feed: CalendarFeed) -> None:
    pages = ["/settings/profile/", "/bookings/upcoming/", "/event-types/", "/private-links/", "/ada/", f"{PAGE}off/"]

    assert [address for address in pages if feed.hash in host_client.get(address).text] == []


def test_staff_see_who_has_a_feed_but_not_its_url(client: Client, feed: CalendarFeed) -> None:
    client.force_login(HostFactory(is_staff=True, is_superuser=True))
    address = "/admin/bookings/calendarfeed/"

    pages = [client.get(address).text, client.get(f"{address}{feed.pk}/change/").text]
    client.post(f"{address}{feed.pk}/delete/", {"post": "yes"})

    assert ["Ada Host" in page for page in pages] == [True, True]
    assert [page for page in pages if feed.hash in page] == []
    assert CalendarFeed.objects.count() == 0
