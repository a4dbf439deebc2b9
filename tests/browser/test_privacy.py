"""The page Privacy in a real browser: an invitee is found, downloaded and erased."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking
from eventtypes.models import Host
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.browser.logging_in import log_in
from tests.factories import BookingFactory, EventTypeFactory, HostFactory

EMAIL = "iris@example.com"


@pytest.fixture
def host(transactional_db: None) -> Host:
    """A host who met Iris a week ago."""
    host: Host = HostFactory.create(username="ada", name="Ada Host")
    begin = datetime.now(UTC) - timedelta(days=7)
    BookingFactory.create(event_type=EventTypeFactory.create(host=host), invitee_email=EMAIL, starts_at=begin)
    return host


def find(page: Page) -> None:
    """Look for Iris on the page."""
    page.goto("/settings/privacy/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("button", name="Find").click()


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_invitee_is_downloaded_and_erased(open_page: OpenPage, host: Host, site: str, *, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page, host, site)

    find(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    kept = json.loads(Path(download.value.path()).read_text())
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_role("heading", name=f"What is erased of {EMAIL}")).to_be_visible()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Erased: 1 booking.")).to_be_visible()
    find(page)

    expect(page.get_by_role("status").filter(has_text=f"You keep nothing of {EMAIL}.")).to_be_visible()
    assert EMAIL in json.dumps(kept)
    assert Booking.objects.get().invitee_email == ""


def test_who_has_a_booking_ahead_is_not_erased(page: Page, host: Host, site: str) -> None:
    booking = BookingFactory.create(event_type=host.event_types.get(), invitee_email=EMAIL, title="Second talk")
    log_in(page, host, site)

    find(page)
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("link", name="Second talk").click()

    expect(page).to_have_url(f"{site}/bookings/{booking.uid}/")
    expect(page.get_by_role("heading", name="Second talk", level=1)).to_be_visible()
    assert set(Booking.objects.values_list("invitee_email", flat=True)) == {EMAIL}
