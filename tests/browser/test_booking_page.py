"""The booking page in a real browser: its time zone, parts that are swapped, and an address that stays secret."""

import re
from collections.abc import Callable
from datetime import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from bookings.models import Booking
from privatelinks.models import PrivateLink
from tests.browser.conftest import OpenPage
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory, ScheduleFactory

PHONE = {"width": 390, "height": 844}
ALL_DAY = [(weekday, time(0), time(0)) for weekday in range(7)]


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A private link to an event type of a host in Berlin that can be booked at any time."""
    host = HostFactory.create(username="ada", name="Ada Host")
    schedule = ScheduleFactory.create(host=host, rules=ALL_DAY)
    event_type = EventTypeFactory.create(host=host, schedule=schedule, title="Discovery call", slug="discovery-call")
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type)
    return link


def test_page_comes_in_the_browsers_time_zone(open_page: OpenPage, link: PrivateLink) -> None:
    page = open_page(timezone_id="America/New_York", locale="en-US")
    requests = _requests(page)

    page.goto(link.get_absolute_url())

    expect(page).to_have_url(re.compile(r"\?tz=America%2FNew_York$"))
    expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
    expect(page.get_by_role("link", name=re.compile(r"^1?[0-9]:[0-9]{2} [AP]M$")).first).to_be_visible()
    assert len(_documents(requests)) == 2


def test_page_of_the_hosts_own_time_zone_is_loaded_once(open_page: OpenPage, link: PrivateLink) -> None:
    page = open_page(timezone_id="Europe/Berlin")
    requests = _requests(page)

    page.goto(link.get_absolute_url())

    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    assert len(_documents(requests)) == 1


def test_months_and_days_are_swapped_with_the_focus_where_it_was(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    requests = _requests(page)
    month = page.locator("#month").inner_text()

    page.locator("#month-after").press("Enter")
    expect(page.locator("#month")).not_to_have_text(month)
    expect(page.locator("#month-after")).to_be_focused()
    day = page.get_by_role("table").get_by_role("link").nth(2)
    day.press("Enter")

    expect(day).to_be_focused()
    expect(day).to_have_accessible_name(re.compile(", chosen$"))
    expect(page.get_by_role("status").filter(has_text="times")).to_have_text(re.compile(r": [0-9]+ times$"))
    assert _documents(requests) == []
    page.evaluate("history.go(-2)")
    expect(page.locator("#month")).to_have_text(month)


def test_time_zone_is_changed_without_losing_the_day(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    page.get_by_role("table").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile("date="))
    day = page.locator("#times-title").inner_text()

    page.get_by_label("Time zone").select_option("Pacific/Auckland")

    expect(page).to_have_url(re.compile("tz=Pacific%2FAuckland"))
    expect(page.locator("#times-title")).to_have_text(day)


def test_time_zone_is_changed_by_keys_once_it_is_chosen(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    requests = _requests(page)
    zone = page.get_by_label("Time zone")
    zone.focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(zone).to_have_value("Europe/Brussels")
    assert _swaps(requests) == []
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("tz=Europe%2FBrussels"))
    expect(zone).to_be_focused()
    expect(zone).to_have_value("Europe/Brussels")
    assert len(_swaps(requests)) == 1


def test_time_zone_reached_by_keys_is_taken_when_the_list_is_left(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    requests = _requests(page)
    page.get_by_label("Time zone").focus()

    page.keyboard.type("Europe/Pa")
    page.keyboard.press("Tab")

    expect(page).to_have_url(re.compile("tz=Europe%2FParis"))
    expect(page.locator("#month-after")).to_be_focused()
    assert len(_swaps(requests)) == 1


def test_focus_stays_in_the_month_when_there_is_no_later_one(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    later = page.locator("#month-after")

    while later.count():
        month = page.locator("#month").inner_text()
        later.press("Enter")
        expect(page.locator("#month")).not_to_have_text(month)

    expect(page.locator("#month")).to_be_focused()


def test_times_come_into_sight_on_a_phone(open_page: OpenPage, link: PrivateLink) -> None:
    page = open_page(viewport=PHONE)
    page.goto(link.get_absolute_url())

    page.get_by_role("table").get_by_role("link").last.click()

    expect(page.get_by_role("link", name=re.compile("^[0-9]{2}:[0-9]{2}$")).first).to_be_in_viewport()


def test_link_that_has_ended_meanwhile_says_so(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    PrivateLink.objects.update(is_paused=True)

    page.get_by_role("table").get_by_role("link").last.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("This link is not available")


@pytest.mark.rule("S5")
def test_booking_tells_its_address_to_nobody(
    page: Page, link: PrivateLink, site: str, figure: Callable[[str], None]
) -> None:
    requests = _requests(page)

    page.goto(link.get_absolute_url())
    page.get_by_role("table").get_by_role("link").last.click()
    page.get_by_role("link", name=re.compile("^[0-9]{2}:[0-9]{2}$")).first.click()
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail").fill("iris@example.com")
    page.get_by_role("button", name="Book").click()
    expect(page).to_have_url(re.compile(r"/booking/[0-9a-f-]{36}/$"))

    referrers = {request.all_headers().get("referer", f"{site}/") for request in requests}
    elsewhere = [request.url for request in requests if urlsplit(request.url).netloc != urlsplit(site).netloc]
    figure(f"{len(requests)} requests from a link's page to the booking's: {len(elsewhere)} of them to others,")
    figure(f"and {sum(link.hash in referrer for referrer in referrers)} referrers with the hash")
    assert elsewhere == []
    assert referrers == {f"{site}/"}
    assert Booking.objects.count() == 1


def _requests(page: Page) -> list[Request]:
    """Return a list that takes every request that the page makes from now on."""
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    page.on("request", note)
    return requests


def _documents(requests: list[Request]) -> list[Request]:
    """Return those for whole pages."""
    return [request for request in requests if request.resource_type == "document"]


def _swaps(requests: list[Request]) -> list[Request]:
    """Return those for a part of the page."""
    return [request for request in requests if request.resource_type in ("fetch", "xhr")]
