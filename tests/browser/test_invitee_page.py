"""The invitee's page in a real browser: its time zone, and an address that stays secret, wherever it leads."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, Request, Route, expect

from bookings.models import Booking
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.factories import BookingFactory, EventTypeFactory, HostFactory, ScheduleFactory

ALL_DAY = [(weekday, time(0), time(0)) for weekday in range(7)]
ELSEWHERE = re.compile(r"^https://")


@pytest.fixture
def booking(transactional_db: None) -> Booking:
    """A meeting at noon in Berlin, in two days, whose place is a link."""
    host = HostFactory.create(username="ada", name="Ada Host")
    schedule = ScheduleFactory.create(host=host, rules=ALL_DAY)
    event_type = EventTypeFactory.create(host=host, schedule=schedule, title="Discovery call", slug="discovery-call")
    noon = datetime.combine(datetime.now(UTC).date() + timedelta(days=2), time(11), UTC)
    booking: Booking = BookingFactory.create(
        event_type=event_type, starts_at=noon, location="https://video.example.com/ada"
    )
    return booking


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_times_are_read_in_another_zone(open_page: OpenPage, booking: Booking, *, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto(booking.get_absolute_url())

    page.get_by_label("Time zone").select_option("UTC")
    if not javascript:
        page.get_by_role("button", name="Change time zone").click()

    expect(page).to_have_url(re.compile(r"\?tz=UTC$"))
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    expect(page.get_by_text("11:00 – 11:30")).to_be_visible()


def test_zone_is_changed_by_keys_once_it_is_chosen(page: Page, booking: Booking) -> None:
    page.goto(booking.get_absolute_url())
    zone = page.get_by_label("Time zone")
    zone.focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(zone).to_have_value("Europe/Brussels")
    expect(page).not_to_have_url(re.compile("tz="))
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("tz=Europe%2FBrussels"))


def test_page_tells_its_address_to_nobody(page: Page, booking: Booking, site: str) -> None:
    """Whatever is opened from it, here and elsewhere, learns the site at most."""
    requests = requests_of(page)

    page.goto(booking.get_absolute_url())
    page.get_by_label("Time zone").select_option("UTC")
    expect(page).to_have_url(re.compile(r"\?tz=UTC$"))
    at_home = list(requests)
    for calendar in ("Google", "Outlook", "Yahoo"):
        with page.expect_popup() as popup:
            page.get_by_role("link", name=calendar, exact=True).click()
        assert popup.value.evaluate("window.opener") is None
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    page.get_by_role("link", name="https://video.example.com/ada").click()
    expect(page).to_have_url("https://video.example.com/ada")

    # Nothing of the page itself comes from elsewhere.
    assert [request.url for request in at_home if not request.url.startswith(f"{site}/")] == []
    assert download.value.suggested_filename == "event.ics"
    assert {request.url.split("/")[2] for request in requests if ELSEWHERE.match(request.url)} == {
        "calendar.google.com",
        "outlook.live.com",
        "calendar.yahoo.com",
        "video.example.com",
    }
    assert {request.all_headers().get("referer", f"{site}/") for request in requests} == {f"{site}/"}


def test_cancelling_and_booking_again_tell_the_address_to_nobody(page: Page, booking: Booking, site: str) -> None:
    requests = requests_of(page)

    page.goto(booking.get_absolute_url())
    page.get_by_role("link", name="Cancel the meeting").click()
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_role("heading", name="This meeting is cancelled")).to_be_visible()
    page.get_by_role("link", name="Book again").click()
    expect(page.get_by_role("heading", name="Discovery call")).to_be_visible()

    assert len([request for request in requests if request.resource_type == "document"]) >= 5
    assert {request.all_headers().get("referer", f"{site}/") for request in requests} == {f"{site}/"}


def requests_of(page: Page) -> list[Request]:
    """Return a list that takes every request from now on; what lies elsewhere answers with an empty page."""
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>Elsewhere</title>")

    page.context.on("request", note)
    page.context.route(ELSEWHERE, answer)
    return requests
