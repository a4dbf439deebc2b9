"""The life of a booking in a real browser: a request, the host's answer, and another time; with and without scripts."""

from datetime import time

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking, BookingStatus
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.browser.logging_in import log_in
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory, ScheduleFactory

EVERY_DAY = [(weekday, time(9), time(17)) for weekday in range(7)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """Make a link of one use to an event type whose bookings the host confirms."""
    host = HostFactory.create(username="ada", name="Ada Host", email="ada@example.com")
    schedule = ScheduleFactory.create(host=host, rules=EVERY_DAY)
    event_type: EventType = EventTypeFactory.create(
        host=host, schedule=schedule, title="Discovery call", requires_confirmation=True
    )
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name="For Iris")
    return link


def host_page(open_page: OpenPage, site: str, link: PrivateLink, *, javascript: bool) -> Page:
    """Open an empty page of the link's host."""
    page = open_page(java_script_enabled=javascript)
    log_in(page, link.event_type.host, site)
    return page


def turn_to_the_next_month(page: Page) -> None:
    """Turn the page, and wait until it is there: with JavaScript, the times of the month before stay until then."""
    page.locator(".month-nav-buttons a[rel~=next]").click()
    expect(page.locator(".month-nav-buttons a[rel~=prev]")).to_be_visible()


def request_a_time(page: Page, link: PrivateLink) -> None:
    page.goto(link.get_absolute_url())
    turn_to_the_next_month(page)
    page.locator(".time").nth(3).click()
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    expect(page.get_by_text("Ada Host has to confirm the booking.")).to_be_visible()
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for confirmation")


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_request_is_accepted_moved_and_accepted_again(
    open_page: OpenPage, site: str, link: PrivateLink, *, javascript: bool
) -> None:
    invitee = open_page(java_script_enabled=javascript, viewport=PHONE)
    host = host_page(open_page, site, link, javascript=javascript)
    request_a_time(invitee, link)

    host.goto("/bookings/pending/")
    host.get_by_role("button", name="Accept Iris Invitee").click()
    expect(host.get_by_role("status")).to_contain_text("The booking is accepted.")
    invitee.reload()
    expect(invitee.get_by_role("heading", level=1)).to_have_text("You are booked")
    former = Booking.objects.get()

    invitee.get_by_role("link", name="Choose another time").click()
    expect(invitee.get_by_text("So far: ")).to_be_visible()
    turn_to_the_next_month(invitee)
    invitee.locator(".time").nth(5).click()
    expect(invitee.get_by_text("Ada Host has to confirm the new time first.")).to_be_visible()
    invitee.get_by_role("button", name="Reschedule").click()
    expect(invitee.get_by_role("heading", level=1)).to_have_text("Waiting for confirmation")

    host.goto("/bookings/pending/")
    host.get_by_role("link", name="Discovery call").click()
    expect(host.get_by_text("It is about a new time.")).to_be_visible()
    host.get_by_role("button", name="Accept").click()
    expect(host.get_by_role("status")).to_contain_text("The booking is accepted.")

    booking = Booking.objects.get()
    link.refresh_from_db()
    assert (booking.status, booking.uid, link.usage_count) == (BookingStatus.CONFIRMED, former.uid, 1)
    assert booking.starts_at != former.starts_at


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_request_is_declined_with_a_reason(
    open_page: OpenPage, site: str, link: PrivateLink, *, javascript: bool
) -> None:
    invitee = open_page(java_script_enabled=javascript)
    host = host_page(open_page, site, link, javascript=javascript)
    request_a_time(invitee, link)

    host.goto(f"/bookings/{Booking.objects.get().uid}/")
    host.get_by_role("link", name="Decline").click()
    if javascript:
        expect(host.get_by_role("dialog", name="Decline this booking?")).to_be_visible()
    host.get_by_label("Reason").fill("I am away that week.")
    host.get_by_role("button", name="Decline booking").click()
    expect(host.get_by_role("status")).to_contain_text("The booking is declined.")

    invitee.reload()
    expect(invitee.get_by_role("heading", level=1)).to_have_text("This meeting is declined")
    expect(invitee.get_by_text("I am away that week.")).to_be_visible()
    link.refresh_from_db()
    assert link.usage_count == 0


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_host_moves_a_request_and_confirms_it_with_that(
    open_page: OpenPage, site: str, link: PrivateLink, *, javascript: bool
) -> None:
    invitee = open_page(java_script_enabled=javascript)
    host = host_page(open_page, site, link, javascript=javascript)
    request_a_time(invitee, link)

    host.goto(f"/bookings/{Booking.objects.get().uid}/")
    host.get_by_role("link", name="Reschedule").click()
    host.locator(".time").first.click()
    expect(host.get_by_text("With that, the booking is accepted.")).to_be_visible()
    host.get_by_role("button", name="Reschedule").click()
    expect(host.get_by_role("status")).to_contain_text("The booking is rescheduled.")

    invitee.reload()
    expect(invitee.get_by_role("heading", level=1)).to_have_text("You are booked")
