"""What JavaScript and CSS add to the pages of event types."""

import pytest
from playwright.sync_api import Page, expect

from eventtypes.models import EventType, Host
from eventtypes.slugs import slug_from
from tests.browser.logging_in import log_in
from tests.factories import EventTypeFactory, HostFactory, ScheduleFactory


@pytest.fixture
def host(transactional_db: None) -> Host:
    """A host whose dashboard is looked at."""
    return HostFactory(username="ada")


@pytest.fixture
def host_page(page: Page, host: Host, site: str) -> Page:
    """An empty page of the host, logged in."""
    log_in(page, host, site)
    return page


def test_slug_follows_the_title_until_it_is_typed_by_hand(host_page: Page, site: str) -> None:
    host_page.goto("/event-types/new/")
    slug, address = host_page.get_by_label("URL"), host_page.locator("#slug-preview")

    host_page.get_by_label("Title").fill("Discovery call")
    expect(slug).to_have_value("discovery-call")
    expect(address).to_have_text(f"{site}/ada/discovery-call/")

    slug.fill("hello")
    host_page.get_by_label("Title").fill("Another title")
    expect(slug).to_have_value("hello")
    expect(address).to_have_text(f"{site}/ada/hello/")

    slug.fill("")
    host_page.get_by_label("Title").fill("A third one")
    expect(slug).to_have_value("a-third-one")


@pytest.mark.parametrize(
    "title", ["Große Straße", "  Œuvre & Smørrebrød ", "a_b -- c", "½ hour, 2²", "İstanbul", "x" * 70]
)
def test_slug_is_the_same_in_the_browser_and_on_the_server(host_page: Page, title: str) -> None:
    host_page.goto("/event-types/new/")

    host_page.get_by_label("Title").fill(title)

    expect(host_page.get_by_label("URL")).to_have_value(slug_from(title, 60))


def test_moving_keeps_the_focus(host_page: Page, host: Host) -> None:
    for title in ("A", "B", "C"):
        EventTypeFactory(host=host, title=title)
    host_page.goto("/event-types/")

    host_page.get_by_role("button", name="Move A down").focus()
    for order in (["B", "A", "C"], ["B", "C", "A"]):
        host_page.keyboard.press("Enter")
        expect(host_page.locator(".row-title")).to_have_text(order)
        expect(host_page.get_by_role("button", name="Move A down")).to_be_focused()

    assert [each.title for each in EventType.objects.owned_by(host)] == ["B", "C", "A"]


def test_deleting_asks_in_a_dialog(host_page: Page, host: Host) -> None:
    kept = EventTypeFactory(host=host, title="Kept")
    EventTypeFactory(host=host, title="Gone")
    host_page.goto("/event-types/")
    menu = host_page.locator("summary").filter(has_text="More for Gone")
    menu.click()
    host_page.get_by_role("link", name="Delete").click()
    dialog = host_page.get_by_role("dialog", name="Delete “Gone”?")
    expect(dialog).to_contain_text("Nobody can book it any more.")

    dialog.get_by_role("button", name="Cancel").click()
    expect(menu).to_be_focused()
    menu.click()
    host_page.get_by_role("link", name="Delete").click()
    dialog.get_by_role("button", name="Delete event type").click()

    expect(host_page.get_by_text("“Gone” is deleted.")).to_be_visible()
    assert list(EventType.objects.all()) == [kept]


def test_visibility_menu_changes_it(host_page: Page, host: Host) -> None:
    event_type = EventTypeFactory(host=host, title="Intro")
    host_page.goto("/event-types/")

    host_page.get_by_text("Visibility of Intro: Public").click()
    host_page.get_by_role("button", name="Private Only through").click()

    expect(host_page.get_by_text("Nobody can book this")).to_be_visible()
    event_type.refresh_from_db()
    assert event_type.visibility == "private"


def test_booking_window_shows_what_its_kind_needs(host_page: Page, host: Host) -> None:
    host_page.goto(f"/event-types/{EventTypeFactory(host=host).pk}/limits/")
    days, dates = host_page.get_by_label("Days ahead", exact=True), host_page.get_by_label("First date")
    expect(days).to_be_visible()
    expect(dates).to_be_hidden()

    host_page.get_by_label("From one date to another").check()
    expect(days).to_be_hidden()
    expect(dates).to_be_visible()

    host_page.get_by_label("Without limit").check()
    expect(days).to_be_hidden()
    expect(dates).to_be_hidden()


def test_another_schedule_shows_its_week_at_once(host_page: Page, host: Host) -> None:
    event_type = EventTypeFactory(host=host)
    ScheduleFactory(host=host, name="Evenings", rules=[])
    host_page.goto(f"/event-types/{event_type.pk}/availability/")

    host_page.get_by_label("Schedule").select_option(label="Evenings (Europe/Berlin)")

    expect(host_page.get_by_role("heading", name="The week of Evenings")).to_be_visible()
    expect(host_page.get_by_text("Not available")).to_have_count(7)
    expect(host_page.get_by_text("You have unsaved changes.")).to_be_visible()
