"""Saying where a meeting takes place, and being called, with JavaScript and without."""

from playwright.sync_api import expect

from bookings.models import Booking
from eventtypes.models import EventType
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.browser.logging_in import log_in
from tests.browser.test_questions import details_form, event_type

__all__ = ["event_type"]

SECRET = "https://video.example.com/secret-room"


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_host_keeps_the_link_for_who_has_booked(
    open_page: OpenPage,
    event_type: EventType,
    site: str,
    *,
    javascript: bool,
) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/setup/")
    page.get_by_label("Online").check()
    page.get_by_label("Location").fill("video.example.com")
    page.get_by_label("Shown only after booking").check()
    page.locator(".save-bar").get_by_role("button", name="Save").click()
    expect(
        page.locator(".field").get_by_text("Enter a link that begins with https:// or http://.", exact=True)
    ).to_be_visible()
    page.get_by_label("Location").fill(SECRET)
    page.locator(".save-bar").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto(details_form())
    expect(page.get_by_text("Online")).to_be_visible()
    expect(page.get_by_text(SECRET)).to_have_count(0)
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    page.get_by_role("button", name="Book").click()

    expect(page.get_by_role("link", name=SECRET)).to_be_visible()


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_invitee_leaves_the_number_that_the_host_calls(
    open_page: OpenPage,
    event_type: EventType,
    site: str,
    *,
    javascript: bool,
) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/setup/")
    page.get_by_label("By phone: I call the invitee").check()
    expect(page.get_by_label("Location")).to_be_hidden()
    page.locator(".save-bar").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto(details_form())
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_text("Please enter your phone number.", exact=True)).to_be_visible()
    page.get_by_label("Your phone number").fill("+44 20 7946 0000")
    page.get_by_role("button", name="Book").click()

    expect(page.get_by_text("Ada Host calls Iris Invitee: +44 20 7946 0000")).to_be_visible()
    assert Booking.objects.get().invitee_phone == "+44 20 7946 0000"
