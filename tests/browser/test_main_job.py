"""The main job in a real browser: a host limits a private link, an invitee books through it, the link ends."""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking
from eventtypes.local_time import end_of_day
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.browser.clipboard import pasted
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_WITHOUT_JAVASCRIPT
from tests.clock import DatabaseClock
from tests.factories import PASSWORD, EventTypeFactory, HostFactory, ScheduleFactory

EVERY_DAY = [(weekday, time(9), time(17)) for weekday in range(7)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def event_type(transactional_db: None) -> EventType:
    """Make an event type, bookable every day, whose private links have never been switched on."""
    host = HostFactory.create(username="ada", name="Ada Host", email="ada@example.com")
    schedule = ScheduleFactory.create(host=host, rules=EVERY_DAY)
    event_type: EventType = EventTypeFactory.create(
        host=host, schedule=schedule, title="Discovery call", slug="discovery-call", private_links_enabled=False
    )
    return event_type


@WITH_AND_WITHOUT_JAVASCRIPT
def test_a_link_of_two_uses_admits_two_bookings(
    open_page: OpenPage, event_type: EventType, *, javascript: bool
) -> None:
    host = open_page(java_script_enabled=javascript)
    _log_in(host)
    _open_advanced_tab(host)
    _switch_private_links_on(host, javascript=javascript)
    _set_link(host, {"Number of allowed uses": "2"}, javascript=javascript)
    host.get_by_role("button", name="Save", exact=True).click()
    expect(host.get_by_role("status")).to_contain_text("Saved")
    expect(host.get_by_text("2 of 2 uses left")).to_be_visible()
    address = _copy_link(host, javascript=javascript)

    for name in ("Iris Invitee", "Ian Invitee"):
        invitee = open_page(java_script_enabled=javascript, viewport=PHONE)
        _book(invitee, address, name)
    third = open_page(java_script_enabled=javascript)
    answer = third.goto(address)

    assert answer is not None
    assert answer.status == 404
    expect(third.get_by_role("heading", level=1)).to_contain_text("not available")
    host.reload()
    expect(host.get_by_text("Used up", exact=True)).to_be_visible()
    assert sorted(Booking.objects.values_list("invitee_name", flat=True)) == ["Ian Invitee", "Iris Invitee"]
    assert PrivateLink.objects.get().usage_count == 2


def test_a_link_ends_with_its_expiry_date(
    open_page: OpenPage, event_type: EventType, database_clock: DatabaseClock
) -> None:
    expires_on = datetime.now(UTC).date() + timedelta(days=3)
    host = open_page()
    _log_in(host)
    _open_advanced_tab(host)
    _switch_private_links_on(host, javascript=True)
    _set_link(
        host, {"Number of allowed uses": "", "Expiry date": expires_on.isoformat(), "Expiry time": ""}, javascript=True
    )
    host.get_by_role("button", name="Save", exact=True).click()
    expect(host.get_by_text(f"until the end of {expires_on.day} {expires_on:%b %Y} (Europe/Berlin)")).to_be_visible()
    address = _copy_link(host, javascript=True)
    over_at = end_of_day(expires_on, event_type.schedule.time_zone)

    database_clock.set(over_at - timedelta(microseconds=1))
    _book(open_page(), address, "Iris Invitee")
    database_clock.set(over_at)
    answer = open_page().goto(address)

    assert answer is not None
    assert answer.status == 404
    assert Booking.objects.get().created_at == over_at - timedelta(microseconds=1)


def _log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address or username").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Event types", level=1)).to_be_visible()


def _open_advanced_tab(page: Page) -> None:
    page.get_by_role("link", name="Discovery call", exact=True).click()
    page.get_by_role("link", name="Advanced").click()


def _switch_private_links_on(page: Page, *, javascript: bool) -> None:
    """Without JavaScript, the first link is there once the tab has been saved."""
    page.get_by_role("switch", name="Private links").check()
    if not javascript:
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Saved")


def _set_link(page: Page, values: dict[str, str], *, javascript: bool) -> None:
    """Fill in the settings of the one link; without JavaScript they fold out in its row."""
    page.locator("summary, button").filter(has_text="Link settings").filter(visible=True).click()
    for label, value in values.items():
        page.get_by_label(label).fill(value)
    if javascript:
        page.get_by_role("button", name="Save link settings").click()


def _copy_link(page: Page, *, javascript: bool) -> str:
    """Copy the link's URL as a host does, and return its path."""
    if javascript:
        page.context.grant_permissions(["clipboard-write"])
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_text("Copied").first).to_be_visible()
        url = pasted(page)
    else:
        url = page.get_by_label("URL of").input_value()
    return urlsplit(url).path


def _book(page: Page, address: str, name: str) -> None:
    """Choose the first time of the month's last free day, and leave the details."""
    page.goto(address)
    page.get_by_role("table").get_by_role("link").last.click()
    page.get_by_role("link", name=re.compile("^[0-9]{2}:[0-9]{2}$")).first.click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(f"{name.partition(' ')[0].lower()}@example.com")
    page.get_by_role("button", name="Book").click()
    expect(page).to_have_url(re.compile(r"/booking/[0-9a-f-]{36}/$"))
