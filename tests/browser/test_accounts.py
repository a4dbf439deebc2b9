"""Accounts and availability in a real browser: the zone that nobody typed, the picture of two-factor, the editor."""

from datetime import time

import pytest
from playwright.sync_api import Page, expect

from eventtypes.models import AvailabilityRule, Host, Schedule
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.factories import PASSWORD, HostFactory, ScheduleFactory

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def host(transactional_db: None) -> Host:
    """Make a host with hours on Mondays only."""
    host: Host = HostFactory.create(username="ada", name="Ada Host", email="ada@example.com")
    ScheduleFactory.create(host=host, name="Working hours", rules=[(0, time(9), time(17))], is_default=True)
    return host


def log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address or username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/event-types/")


def test_signup_takes_the_zone_of_the_browser(open_page: OpenPage) -> None:
    page = open_page(timezone_id="America/New_York", viewport=NARROW)
    page.goto("/accounts/signup/")
    page.get_by_label("Name").first.fill("Grace Hopper")
    page.get_by_label("E-mail address").fill("grace@example.com")
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill("a nanosecond of wire")

    page.get_by_role("button", name="Sign up").click()

    page.wait_for_url("**/event-types/new/")
    assert str(Schedule.objects.get().time_zone) == "America/New_York"


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_hours_are_added_copied_and_saved(open_page: OpenPage, host: Host, *, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page)
    page.goto("/availability/")
    page.get_by_role("link", name="Working hours", exact=True).click()
    monday, friday = (page.get_by_role("group", name=day, exact=True) for day in ("Monday", "Friday"))
    if javascript:
        page.evaluate("window.isTheSamePage = true")

    monday.get_by_role("button", name="Add hours").click()
    expect(monday.get_by_label("From").nth(1)).to_be_focused()
    monday.get_by_label("From").nth(1).fill("18:00")
    monday.get_by_label("To", exact=True).nth(1).fill("20:00")
    monday.get_by_text("Copy to…").click()
    monday.get_by_label("Friday").check()
    monday.get_by_role("button", name="Copy the hours of Monday").click()
    expect(friday.get_by_label("From")).to_have_count(2)
    if javascript:
        assert page.evaluate("window.isTheSamePage")
        expect(page.get_by_text("You have unsaved changes.")).to_be_visible()
    page.get_by_label("Name", exact=True).press("Enter")

    expect(page.get_by_text("Saved.")).to_be_visible()
    hours = [(0, time(9), time(17)), (0, time(18), time(20)), (4, time(9), time(17)), (4, time(18), time(20))]
    assert list(AvailabilityRule.objects.values_list("weekday", "start_time", "end_time")) == hours


def test_mistake_in_the_editor_gets_the_focus(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    log_in(page)
    page.goto(f"/availability/{Schedule.objects.get().pk}/")
    monday = page.get_by_role("group", name="Monday", exact=True)
    monday.get_by_label("To", exact=True).fill("08:00")

    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(monday.get_by_text("The end must be after the start.")).to_be_visible()
    expect(monday.get_by_label("To", exact=True)).to_be_focused()
    expect(monday.get_by_label("To", exact=True)).to_have_value("08:00")


def test_two_factor_shows_its_picture(open_page: OpenPage, host: Host) -> None:
    page = open_page(viewport=NARROW)
    log_in(page)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    picture = page.get_by_role("img", name="QR code of the key below")

    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 150
