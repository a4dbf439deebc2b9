"""What only a layout can show: long words stay on the page, and what has the focus or is chosen is in sight."""

import uuid
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from bookings.emails import MailKind
from bookings.models import MailFailure, MailName, Recipient
from bookings.services.calendar_feed import switch_feed_on
from eventtypes.mail_refusals import MAX_REASON_LENGTH
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

SMALLEST = {"width": 320, "height": 640}


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link whose every name is one long word."""
    host = HostFactory(username="ada", name="W" * 100, welcome="w" * 300)
    schedule = ScheduleFactory(host=host, name="N" * 60)
    event_type = EventTypeFactory(host=host, schedule=schedule, title="T" * 80, slug="intro", location="L" * 100)
    link: PrivateLink = PrivateLinkFactory(event_type=event_type, name="P" * 100, batch=uuid.UUID(int=1))
    QuestionFactory(event_type=event_type, label="Q" * 200, kind="choice", choices=["C" * 100])
    switch_feed_on(host=host)
    booking = BookingFactory(
        event_type=event_type,
        private_link=link,
        private_link_name=link.name,
        holds_use=True,
        invitee_name="I" * 100,
        status="pending",
        answers=[{"question": "Q" * 200, "kind": "line", "answer": "A" * 200}],
    )
    mail = MailName(booking.pk, MailKind.REQUESTED, Recipient.INVITEE, 0)
    MailFailure.objects.note(mail, reason="R" * MAX_REASON_LENGTH, now=booking.created_at)
    return link


@pytest.fixture
def phone(open_page: OpenPage, link: PrivateLink, site: str) -> Page:
    """The smallest phone, of the link's host."""
    page = open_page(viewport=SMALLEST)
    log_in(page, link.event_type.host, site)
    return page


def addresses(link: PrivateLink) -> list[str]:
    """Return those of the pages that show names."""
    event_type, booking = link.event_type, link.bookings.get()
    tabs = ("setup", "availability", "limits", "questions", "advanced", "advanced/several")
    of_event_type = [f"/event-types/{event_type.pk}/{tab}/" for tab in tabs]
    actions = ("", "cancel/", "decline/", "reschedule/")
    bookings = ["/bookings/upcoming/", "/bookings/pending/", *[f"/bookings/{booking.uid}/{path}" for path in actions]]
    schedules = ["/availability/", f"/availability/{event_type.schedule.pk}/"]
    links = ["/private-links/", *[f"/private-links/{link.pk}/{path}" for path in ("", "delete/", "end/")]]
    links += [f"/private-links/together/{link.batch}/"]
    of_invitees = [
        "/ada/",
        link.get_absolute_url(),
        *[f"/booking/{booking.uid}/{path}" for path in actions if path != "decline/"],
    ]
    settings = ["/settings/profile/", "/settings/notifications/", "/settings/calendar-feed/", "/settings/privacy/"]
    return ["/event-types/", *of_event_type, *bookings, *schedules, *links, *settings, *of_invitees]


def test_long_words_stay_on_the_page(phone: Page, link: PrivateLink) -> None:
    excess = {}

    for address in addresses(link):
        phone.goto(address)
        excess[address] = phone.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert {address: width for address, width in excess.items() if width > 0} == {}


def test_long_words_stay_in_the_dialog(phone: Page, link: PrivateLink) -> None:
    phone.goto(f"/bookings/{link.bookings.get().uid}/")

    phone.get_by_role("link", name="Decline").click()

    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Decline booking")).to_be_in_viewport(ratio=1)
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


def test_refused_field_is_not_below_the_bar_of_unsaved_changes(phone: Page, link: PrivateLink) -> None:
    phone.goto(f"/event-types/{link.event_type.pk}/setup/")
    phone.get_by_label("Title").fill("")
    phone.get_by_role("button", name="Save", exact=True).click()

    title = phone.get_by_label("Title")
    expect(title).to_be_focused()
    expect(phone.get_by_text("You have unsaved changes.")).to_be_visible()
    field, bar = title.bounding_box(), phone.locator(".save-bar").bounding_box()
    assert field is not None
    assert bar is not None
    assert field["y"] + field["height"] < bar["y"]


def test_current_tab_is_in_sight(phone: Page, link: PrivateLink) -> None:
    phone.goto(f"/event-types/{link.event_type.pk}/advanced/")

    expect(phone.get_by_role("link", name="Advanced", exact=True)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 390, 500, 544])
def test_last_tab_is_in_sight_on_every_phone(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 800})
    phone.goto("/settings/notifications/")

    expect(phone.get_by_role("link", name="Notifications", exact=True)).to_be_in_viewport(ratio=1)


def test_link_of_a_booking_is_a_target_for_a_finger(phone: Page, link: PrivateLink) -> None:
    phone.goto("/bookings/pending/")

    box = phone.get_by_role("link", name=link.name).bounding_box()
    assert box is not None
    assert box["height"] >= 44


def test_date_of_its_own_has_a_label(phone: Page, link: PrivateLink) -> None:
    phone.goto(f"/availability/{link.event_type.schedule.pk}/")

    phone.get_by_role("button", name="Add a date").click()

    expect(phone.get_by_label("Date", exact=True)).to_be_focused()


def test_other_times_keep_to_one_line_each(open_page: OpenPage, link: PrivateLink) -> None:
    page = open_page(viewport=SMALLEST, locale="en-US")
    page.goto(link.get_absolute_url())
    # A day that is whole, whatever the time is now.
    page.locator("#month-after").click()
    page.get_by_role("link", name="10:00 AM").click()
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail").fill("iris@example.com")
    start = datetime.fromisoformat(page.locator("input[name=start]").input_value())
    BookingFactory(event_type=link.event_type, starts_at=start, ends_at=start + timedelta(minutes=30))

    page.get_by_role("button", name="Book").click()

    choices = page.locator(".time-choice")
    expect(choices.filter(has_text="10:30 AM")).to_be_visible()
    assert {choice.bounding_box()["height"] for choice in choices.all()} == {48}  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
