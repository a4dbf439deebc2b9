"""The calendar feed in a real browser: made, copied, replaced, and dead at its old URL."""

import pytest
from playwright.sync_api import Page, expect

from bookings.models import CalendarFeed
from eventtypes.models import Host
from tests.browser.clipboard import pasted
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.factories import PASSWORD, HostFactory


@pytest.fixture
def host(transactional_db: None) -> Host:
    host: Host = HostFactory.create(username="ada", name="Ada Host")
    return host


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_feed_is_made_and_given_another_url(open_page: OpenPage, host: Host, *, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page)

    page.goto("/settings/calendar-feed/")
    page.get_by_role("button", name="Make a calendar feed").click()
    old = feed_url(page)
    page.get_by_role("link", name="New URL").click()
    page.get_by_role("button", name="Make a new URL").click()
    expect(page.get_by_text("The old one is dead.")).to_be_visible()
    new = feed_url(page)

    assert [page.request.get(url).status for url in (old, new)] == [404, 200]
    assert new.endswith(CalendarFeed.objects.get().get_absolute_url())


def test_url_is_copied_and_the_feed_switched_off(page: Page, host: Host) -> None:
    log_in(page)
    page.goto("/settings/calendar-feed/")
    page.get_by_role("button", name="Make a calendar feed").click()
    page.context.grant_permissions(["clipboard-write"])

    page.get_by_role("button", name="Copy URL").click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    copied = pasted(page)
    page.get_by_role("link", name="Switch off").click()
    expect(page.get_by_role("dialog")).to_contain_text("Its URL is dead for good")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert page.request.get(copied).status == 200
    page.get_by_role("link", name="Switch off").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()

    expect(page.get_by_role("button", name="Make a calendar feed")).to_be_visible()
    assert page.request.get(copied).status == 404


def log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address or username").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Event types", level=1)).to_be_visible()


def feed_url(page: Page) -> str:
    return page.get_by_label("URL of your calendar feed").input_value()
