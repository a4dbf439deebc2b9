"""The Advanced tab in a real browser: the dialog of a link's settings, rows that come and go, and what is unsaved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Dialog, Locator, Page, expect

from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from tests.browser.conftest import OpenPage
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory

PHONE = {"width": 390, "height": 844}

type OpenTab = Callable[..., Page]


@pytest.fixture
def event_type(transactional_db: None) -> EventType:
    """An event type of the host who is logged in."""
    host = HostFactory.create(username="ada", name="Ada Host")
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


@pytest.fixture
def open_tab(open_page: OpenPage, event_type: EventType) -> OpenTab:
    """A function that opens the Advanced tab as its host; keywords go to `Browser.new_context`."""

    def open_new(**options: object) -> Page:
        client = Client()
        client.force_login(event_type.host)
        page = open_page(**options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])
        page.goto(f"/event-types/{event_type.pk}/advanced/")
        return page

    return open_new


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def open_settings(page: Page, name: str) -> Locator:
    """Open the dialog of the link with that name, and return it."""
    row(page, name).get_by_role("button", name="Link settings").click()
    dialog = page.get_by_role("dialog", name="Link settings")
    expect(dialog).to_be_visible()
    return dialog


def unsaved_bar(page: Page) -> Locator:
    return page.get_by_text("You have unsaved changes.")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def names(event_type: EventType) -> list[str]:
    return list(event_type.private_links.order_by("pk").values_list("name", flat=True))


def test_saved_settings_change_the_line_and_wait_for_the_page_to_be_saved(
    open_tab: OpenTab, event_type: EventType
) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab()
    expect(unsaved_bar(page)).not_to_be_visible()

    dialog = open_settings(page, "Beta")
    dialog.get_by_label("Name").fill("Gamma")
    dialog.get_by_label("Number of allowed uses").fill("5")
    dialog.get_by_label("Expiry date").fill("2999-08-31")
    dialog.get_by_role("button", name="Save link settings").click()

    expect(dialog).not_to_be_visible()
    expect(row(page, "Gamma")).to_contain_text("5 of 5 uses left")
    expect(row(page, "Gamma")).to_contain_text("until the end of 31 Aug 2999 (Europe/Berlin)")
    expect(row(page, "Gamma")).to_contain_text("Not saved yet")
    expect(unsaved_bar(page)).to_be_visible()
    assert PrivateLink.objects.get().name == "Beta"
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(unsaved_bar(page)).not_to_be_visible()
    link.refresh_from_db()
    assert (link.name, link.max_uses, link.expires_at) == ("Gamma", 5, datetime(2999, 8, 31, 22, tzinfo=UTC))


def test_dialog_opens_with_the_focus_in_its_first_field_also_for_the_first_time(
    open_tab: OpenTab, event_type: EventType
) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab()

    dialog = open_settings(page, "Beta")

    expect(dialog.get_by_label("Name")).to_be_focused()


def test_link_deleted_in_another_window_is_told_in_its_row(open_tab: OpenTab, event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab()
    dialog = open_settings(page, "Beta")
    dialog.get_by_label("Name").fill("Gamma")
    dialog.get_by_role("button", name="Save link settings").click()
    link.delete()

    save(page)

    message = row(page, "Gamma").get_by_role("list").filter(has_text="This link has been deleted meanwhile")
    expect(message).to_be_focused()
    expect(page.get_by_label("Number of allowed uses")).not_to_be_visible()
    row(page, "Gamma").get_by_role("button", name="Delete").click()
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()


@pytest.mark.parametrize("way_out", ["Cancel", "Escape"])
def test_cancel_and_escape_put_everything_back(open_tab: OpenTab, event_type: EventType, way_out: str) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta", max_uses=5)
    page = open_tab()
    dialog = open_settings(page, "Beta")
    dialog.get_by_label("Name").fill("Gamma")
    dialog.get_by_label("Number of allowed uses").fill("")
    dialog.get_by_label("Paused").check()

    if way_out == "Cancel":
        dialog.get_by_role("button", name="Cancel").click()
    else:
        page.keyboard.press("Escape")

    expect(dialog).not_to_be_visible()
    expect(unsaved_bar(page)).not_to_be_visible()
    expect(row(page, "Beta").get_by_role("button", name="Link settings")).to_be_focused()
    again = open_settings(page, "Beta")
    expect(again.get_by_label("Name")).to_have_value("Beta")
    expect(again.get_by_label("Number of allowed uses")).to_have_value("5")
    expect(again.get_by_label("Paused")).not_to_be_checked()


def test_enter_saves_the_dialog_and_not_the_page(open_tab: OpenTab, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab()
    dialog = open_settings(page, "Beta")
    dialog.get_by_label("Number of allowed uses").fill("3")

    dialog.get_by_label("Number of allowed uses").press("Enter")

    expect(dialog).not_to_be_visible()
    expect(row(page, "Beta")).to_contain_text("3 of 3 uses left")
    expect(unsaved_bar(page)).to_be_visible()
    assert PrivateLink.objects.get().max_uses == 1


def test_refused_settings_are_told_in_the_line_and_then_in_the_dialog(open_tab: OpenTab, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Other")
    PrivateLinkFactory.create(event_type=event_type, name="Beta", max_uses=5, usage_count=3)
    page = open_tab()
    dialog = open_settings(page, "Beta")
    dialog.get_by_label("Number of allowed uses").fill("2")
    dialog.get_by_role("button", name="Save link settings").click()
    message = "The link has been used 3 times already. Allow at least as many."
    expect(row(page, "Beta")).to_contain_text(f"Number of allowed uses: {message}")

    save(page)

    dialog = page.get_by_role("dialog", name="Link settings")
    expect(dialog.get_by_text(message)).to_be_visible()
    expect(dialog.get_by_label("Number of allowed uses")).to_be_focused()
    expect(dialog.get_by_label("Number of allowed uses")).to_have_value("2")
    dialog.get_by_label("Number of allowed uses").fill("4")
    dialog.get_by_role("button", name="Save link settings").click()
    expect(row(page, "Beta")).to_contain_text("1 of 4 uses left")
    expect(page.get_by_text(message)).not_to_be_visible()
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert PrivateLink.objects.get(name="Beta").max_uses == 4


def test_deleted_row_waits_for_the_save_and_can_be_taken_back(open_tab: OpenTab, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")
    PrivateLinkFactory.create(event_type=event_type, name="Gamma")
    page = open_tab()

    row(page, "Beta").get_by_role("button", name="Delete").click()
    row(page, "Gamma").get_by_role("button", name="Delete").click()

    expect(row(page, "Beta")).to_contain_text("Deleted on save.")
    expect(row(page, "Beta").get_by_role("button", name="Copy link")).not_to_be_visible()
    expect(unsaved_bar(page)).to_be_visible()
    row(page, "Beta").get_by_role("button", name="Undo").click()
    expect(row(page, "Beta").get_by_role("button", name="Delete")).to_be_focused()
    assert names(event_type) == ["Beta", "Gamma"]
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert names(event_type) == ["Beta"]


def test_everything_taken_back_is_nothing_unsaved(open_tab: OpenTab, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab()

    row(page, "Beta").get_by_role("button", name="Delete").click()
    row(page, "Beta").get_by_role("button", name="Undo").click()

    expect(unsaved_bar(page)).not_to_be_visible()


def test_first_switch_on_shows_its_link_at_once_and_more_can_be_added(open_tab: OpenTab, event_type: EventType) -> None:
    EventType.objects.update(private_links_enabled=False)
    page = open_tab()
    expect(page.get_by_role("button", name="Add private link")).not_to_be_visible()

    page.get_by_role("switch", name="Private links").check()
    first = open_settings(page, "Private link")
    first.get_by_label("Name").fill("First")
    first.get_by_role("button", name="Save link settings").click()
    page.get_by_role("button", name="Add private link").click()

    expect(row(page, "First")).to_contain_text("The URL is made when you save.")
    expect(row(page, "Private link").get_by_role("button", name="Link settings")).to_be_focused()
    expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
    expect(page.get_by_role("link", name="Open", exact=True)).to_have_count(0)
    assert names(event_type) == []
    save(page)
    expect(page.get_by_role("button", name="Copy link")).to_have_count(2)
    assert names(event_type) == ["First", ""]


def test_switch_on_and_off_keeps_the_links_in_sight(open_tab: OpenTab, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab()

    page.get_by_role("switch", name="Private links").uncheck()

    expect(page.get_by_text("Switched off: nobody can book through these links.")).to_be_visible()
    expect(row(page, "Beta")).to_be_visible()
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("switch", name="Private links").check()
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert names(event_type) == ["Beta"]


def test_leaving_with_unsaved_changes_is_asked_about_and_discarding_is_not(
    open_tab: OpenTab, event_type: EventType
) -> None:
    page = open_tab()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("radio", name="Private", exact=True).check()

    page.get_by_role("link", name="Setup").click()
    expect(unsaved_bar(page)).to_be_visible()
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Discard changes").click()

    expect(page.get_by_role("radio", name="Public", exact=True)).to_be_checked()
    assert asked == ["beforeunload"]
    assert EventType.objects.get().visibility == Visibility.PUBLIC


@pytest.mark.in_full
def test_no_more_rows_than_a_request_can_carry(open_tab: OpenTab, event_type: EventType) -> None:
    expires_at = datetime.now(UTC) + timedelta(days=1)
    PrivateLinkFactory.create_batch(50, event_type=event_type, expires_at=expires_at)
    page = open_tab()

    for _more in range(10):
        page.get_by_role("button", name="Add private link").click()

    expect(page.get_by_role("button", name="Add private link")).not_to_be_visible()
    expect(page.get_by_text("Save first, then you can add more links.")).to_be_visible()
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert event_type.private_links.count() == 60


def test_without_javascript_everything_works_on_a_phone(open_tab: OpenTab, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")
    PrivateLinkFactory.create(event_type=event_type, name="Gone")
    page = open_tab(java_script_enabled=False, viewport=PHONE)

    row(page, "Beta").locator("summary").click()
    row(page, "Beta").get_by_label("Name").fill("Renamed")
    row(page, "Gone").get_by_label("Delete").check()
    page.get_by_role("button", name="Add private link").click()
    expect(row(page, "Private link")).to_contain_text("The URL is made when you save.")
    assert names(event_type) == ["Beta", "Gone"]
    row(page, "Private link").get_by_label("Number of allowed uses").fill("0")
    row(page, "Private link").get_by_label("Number of allowed uses").press("Enter")

    refused = page.get_by_text("Allow at least one use, or leave it blank for no limit.", exact=True)
    expect(refused).to_be_visible()
    row(page, "Private link").get_by_label("Number of allowed uses").fill("2")
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    links = event_type.private_links.order_by("pk").values_list("name", "max_uses")
    assert list(links) == [("Renamed", 1), ("", 2)]
