"""The page of a private link in a real browser: ended, revived and looked at, with JavaScript and without."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from privatelinks.models import LinkState, PrivateLink
from privatelinks.services.links import change_link
from tests.browser.conftest import OpenPage
from tests.factories import BookingFactory, PrivateLinkFactory

SMALLEST = {"width": 320, "height": 640}

type OpenLink = Callable[..., Page]


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link of a host who is logged in."""
    link: PrivateLink = PrivateLinkFactory.create(name="Beta")
    return link


@pytest.fixture
def open_link(open_page: OpenPage, link: PrivateLink) -> OpenLink:
    """A function that opens the link's page as its host; keywords go to `Browser.new_context`."""

    def open_new(**options: object) -> Page:
        client = Client()
        client.force_login(link.event_type.host)
        page = open_page(**options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])
        page.goto(f"/private-links/{link.pk}/")
        return page

    return open_new


@pytest.fixture
def link_page(open_link: OpenLink) -> Page:
    """The link's page, opened by its host."""
    return open_link()


def book(link: PrivateLink, number: int) -> None:
    """Let bookings have come through the link, one a day until today."""
    for place in range(number):
        BookingFactory.create(
            event_type=link.event_type,
            private_link=link,
            holds_use=True,
            created_at=datetime.now(UTC) - timedelta(days=number - 1 - place),
        )
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=number, max_uses=number)


def test_new_url_is_made_once_it_is_confirmed(link_page: Page, link: PrivateLink) -> None:
    url = link_page.get_by_label("URL of the link")
    link_page.get_by_role("link", name="New URL").click()
    dialog = link_page.get_by_role("dialog", name="Make a new URL?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).not_to_be_visible()
    expect(url).to_have_value(f"{settings.SITE_URL}{link.get_absolute_url()}")

    link_page.get_by_role("link", name="New URL").click()
    dialog.get_by_role("button", name="Make a new URL").click()

    expect(link_page.get_by_text("“Beta” has a new URL. The old one is dead.")).to_be_visible()
    fresh = PrivateLink.objects.get(pk=link.pk)
    assert fresh.hash != link.hash
    expect(url).to_have_value(f"{settings.SITE_URL}{fresh.get_absolute_url()}")


def test_deleting_is_confirmed_in_a_dialog_that_names_the_bookings(link_page: Page) -> None:
    link_page.get_by_role("link", name="Delete").click()
    dialog = link_page.get_by_role("dialog", name="Delete “Beta”?")
    expect(dialog).to_contain_text("No booking came through it.")
    assert PrivateLink.objects.count() == 1

    dialog.get_by_role("button", name="Delete link").click()

    expect(link_page.get_by_text("“Beta” is deleted.")).to_be_visible()
    assert PrivateLink.objects.count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_link_is_ended_and_revived(open_link: OpenLink, link: PrivateLink, javascript: bool) -> None:
    page = open_link(java_script_enabled=javascript)

    page.get_by_role("link", name="End now").click()
    expect(page.get_by_role("heading", name="End “Beta” now?")).to_be_visible()
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_text("“Beta” has ended.")).to_be_visible()
    ended = PrivateLink.objects.get(pk=link.pk)
    page.get_by_role("button", name="Remove the expiry date").click()

    expect(page.get_by_text("“Beta” has no expiry date any more.")).to_be_visible()
    expect(page.get_by_role("link", name="End now")).to_be_visible()
    revived = PrivateLink.objects.get(pk=link.pk)
    assert [each.state(datetime.now(UTC)) for each in (ended, revived)] == [LinkState.EXPIRED, LinkState.ACTIVE]


def test_end_is_not_made_if_the_dialog_is_cancelled(link_page: Page, link: PrivateLink) -> None:
    opener = link_page.get_by_role("link", name="End now")
    opener.click()
    dialog = link_page.get_by_role("dialog", name="End “Beta” now?")
    expect(dialog).to_contain_text("The use that is left stays unused.")

    link_page.keyboard.press("Escape")

    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()
    assert PrivateLink.objects.get(pk=link.pk).expires_at is None


@pytest.mark.parametrize("javascript", [True, False])
def test_one_more_use_clicked_twice_is_one(open_link: OpenLink, link: PrivateLink, javascript: bool) -> None:
    book(link, 2)
    page = open_link(java_script_enabled=javascript)

    page.get_by_role("button", name="Allow one more use").dblclick()

    expect(page.get_by_text("“Beta” allows more: 1 of 3 uses left.")).to_be_visible()
    assert PrivateLink.objects.get(pk=link.pk).max_uses == 3


@pytest.mark.parametrize("javascript", [True, False])
def test_picture_is_told_in_numbers_too(open_link: OpenLink, link: PrivateLink, javascript: bool) -> None:
    book(link, 3)
    page = open_link(java_script_enabled=javascript)
    table = page.get_by_role("table", name="Uses over time, where there were any")
    expect(table).not_to_be_visible()

    page.locator("summary", has_text="In numbers").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("img", name="Uses over time: 3 uses from ")).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table.get_by_role("row").last.get_by_role("cell")).to_have_text(["1", "3"])
    box = page.locator(".link-picture-drawing").bounding_box()
    assert box is not None
    assert box["width"] > box["height"] > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_curve_and_limit_can_be_told_from_their_ground(open_link: OpenLink, link: PrivateLink, scheme: str) -> None:
    book(link, 3)
    page = open_link(color_scheme=scheme)
    colours = page.evaluate(
        """() => {
            const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
            return [of(".link-picture", "backgroundColor"), of(".link-picture-area", "fill"),
                of(".link-picture-line", "stroke"), of(".link-picture-limit", "stroke")];
        }"""
    )

    ground, area, line, limit = (luminance(colour) for colour in colours)

    assert min(contrast(line, ground), contrast(line, area), contrast(limit, ground)) >= 3


def luminance(colour: str) -> float:
    """Return the relative luminance of "rgb(1, 2, 3)" (WCAG 2.2)."""
    channels = [int(number) / 255 for number in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_page_of_a_link_that_is_over_fits_the_smallest_phone(open_link: OpenLink, link: PrivateLink) -> None:
    book(link, 3)
    change_link(link=link, changes={"name": "W" * 100, "allowed_invitees": [f"{'x' * 60}@{'y' * 60}.example"]})
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=datetime.now(UTC))

    page = open_link(viewport=SMALLEST)

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    targets = page.locator("main :is(.button, .inline-action, summary):visible")
    assert targets.count() > 10
    assert [box for target in targets.all() if (box := target.bounding_box()) and box["height"] < 44] == []


def test_history_is_told_in_the_order_of_its_times(link_page: Page, link: PrivateLink) -> None:
    change_link(link=link, changes={"max_uses": None})
    change_link(link=link, changes={"is_paused": True})

    link_page.reload()

    history = link_page.get_by_role("region", name="History")
    expect(history.get_by_role("listitem")).to_contain_text(
        ["Paused", "Number of allowed uses: from 1 to no limit", "Created"]
    )
