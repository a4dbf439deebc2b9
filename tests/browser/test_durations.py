"""Choosing one of several durations, and what invitees see next week, with JavaScript and without."""

from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from eventtypes.models import EventType
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.browser.logging_in import log_in
from tests.factories import EventTypeFactory, HostFactory, ScheduleFactory

EVERY_DAY = [(weekday, time(0), time(0)) for weekday in range(7)]


@pytest.fixture
def event_type(transactional_db: None) -> EventType:
    """An event type of 30 or 60 minutes, open at all times."""
    host = HostFactory.create(username="ada", name="Ada Host")
    schedule = ScheduleFactory.create(host=host, rules=EVERY_DAY)
    event_type: EventType = EventTypeFactory.create(
        host=host, schedule=schedule, title="Discovery call", slug="discovery-call", duration_options=[60]
    )
    return event_type


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_invitee_books_the_duration_chosen(open_page: OpenPage, event_type: EventType, *, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    next_month = (datetime.now(UTC) + timedelta(days=31)).strftime("%Y-%m")
    page.goto(f"/ada/discovery-call/?tz=Europe/Berlin&month={next_month}")
    page.get_by_role("link", name="1 h").click()
    expect(page.get_by_role("link", name="1 h")).to_have_attribute("aria-current", "true")
    page.locator("a.day").last.click()
    page.get_by_role("link", name="10:00", exact=True).click()
    expect(page.get_by_text("10:00 – 11:00")).to_be_visible()

    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    booking = Booking.objects.get()
    assert booking.ends_at - booking.starts_at == timedelta(hours=1)


def test_choosing_a_duration_keeps_the_focus(open_page: OpenPage, event_type: EventType) -> None:
    page = open_page()
    page.goto("/ada/discovery-call/?tz=Europe/Berlin")

    page.get_by_role("link", name="1 h").press("Enter")

    expect(page.get_by_role("link", name="1 h")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="1 h")).to_be_focused()


@pytest.mark.parametrize("tab", ["availability", "limits"])
def test_tab_shows_what_invitees_see_next_week(open_page: OpenPage, event_type: EventType, site: str, tab: str) -> None:
    page = open_page()
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/{tab}/")
    preview = page.get_by_role("region", name="What invitees see next week")

    expect(preview.get_by_role("listitem")).to_have_count(7)
    expect(preview.get_by_text("00:30", exact=True).first).to_be_visible()
    preview.get_by_role("link", name="1 h").click()
    expect(preview.get_by_text("03:00", exact=True).first).to_be_visible()
    expect(preview.get_by_text("00:30", exact=True)).to_have_count(0)
    assert page.url == f"{site}/event-types/{event_type.pk}/{tab}/"


def test_tab_leads_to_what_invitees_see_without_javascript(
    open_page: OpenPage, event_type: EventType, site: str
) -> None:
    page = open_page(java_script_enabled=False)
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/limits/")

    page.get_by_role("link", name="What invitees see next week").click()
    page.get_by_role("link", name="1 h").click()

    expect(page.get_by_role("link", name="1 h")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("03:00", exact=True).first).to_be_visible()


def test_preview_in_a_tab_is_fresh_after_saving(open_page: OpenPage, event_type: EventType, site: str) -> None:
    page = open_page()
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/limits/")
    expect(page.get_by_text("00:30", exact=True).first).to_be_visible()

    page.get_by_label("Slot interval").fill("240")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("04:00", exact=True).first).to_be_visible()
    expect(page.get_by_text("00:30", exact=True)).to_have_count(0)
