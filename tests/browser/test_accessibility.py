"""axe finds nothing on the main pages, light and dark; and it finds what is wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.browser.conftest import OpenPage
from tests.browser.logging_in import log_in
from tests.factories import (
    BookingFactory,
    EventTypeFactory,
    HostFactory,
    PrivateLinkFactory,
    QuestionFactory,
    ScheduleFactory,
)

MONDAY = datetime(2030, 1, 7, 9, tzinfo=UTC)
# The rules of WCAG 2.2 AA, and what axe's makers advise beyond them.
EVERYTHING = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The colours alone depend on light and dark.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link with a booking that waits, of an event type that asks."""
    host = HostFactory.create(username="ada", name="Ada Host", email="ada@example.com")
    event_type: EventType = EventTypeFactory.create(
        host=host,
        schedule=ScheduleFactory.create(host=host),
        slug="intro",
        allows_guests=True,
        booking_window_kind="unlimited",
    )
    QuestionFactory.create(event_type=event_type, kind="choice", choices=["Red", "Green"], is_required=True)
    QuestionFactory.create(event_type=event_type, kind="choices", choices=["Red", "Green"])
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name="For Iris")
    BookingFactory.create(
        event_type=event_type, private_link=link, private_link_name="For Iris", status="pending", starts_at=MONDAY
    )
    return link


@pytest.fixture
def page(open_page: OpenPage, site: str, link: PrivateLink) -> Page:
    """Open an empty page of the link's host."""
    page = open_page()
    log_in(page, link.event_type.host, site)
    return page


def addresses(link: PrivateLink) -> list[str]:
    """Return one of each kind of page."""
    event_type, booking = link.event_type, link.bookings.get()
    return [
        link.get_absolute_url(),
        "/ada/intro/?start=2030-01-07T13:00:00Z",
        f"/booking/{booking.uid}/",
        f"/event-types/{event_type.pk}/questions/",
        f"/event-types/{event_type.pk}/advanced/",
        "/private-links/",
        f"/private-links/{link.pk}/",
        "/bookings/pending/",
        f"/bookings/{booking.uid}/",
    ]


def open_with_axe(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(Axe().axe_script)


def turn_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    # What is on its way from light to dark has arrived.
    page.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")


def found(page: Page, options: dict[str, Any]) -> list[str]:
    """Return each rule that axe finds broken, with the first element that breaks it."""
    violations = page.evaluate("options => axe.run(options)", options | {"resultTypes": ["violations"]})["violations"]
    return [f"{page.url}: {each['id']}, {each['nodes'][0]['html']}" for each in violations]


def test_axe_finds_nothing_on_the_main_pages(page: Page, link: PrivateLink) -> None:
    problems = []
    for address in addresses(link):
        page.emulate_media(color_scheme="light")
        open_with_axe(page, address)
        problems += found(page, EVERYTHING)
        turn_dark(page)
        problems += found(page, COLOURS)

    assert problems == []


def test_axe_finds_what_is_wrong(page: Page, link: PrivateLink) -> None:
    open_with_axe(page, "/event-types/")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")

    assert [problem.split(": ")[1].split(",")[0] for problem in found(page, EVERYTHING)] == [
        "button-name",
        "color-contrast",
    ]
