"""Creating several links in a real browser, with them as a file, and the QR code of one as a phone reads it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.browser.clipboard import pasted
from tests.browser.conftest import OpenPage
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory
from tests.qr_codes import read_qr_code

PHONE = {"width": 390, "height": 844}
# The lightness of each pixel of a picture on the page, as the browser draws it in so many pixels.
DRAW = """async (picture) => {
  await picture.decode();
  const canvas = new OffscreenCanvas(400, 400);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, 400, 400);
  const { data } = context.getImageData(0, 0, 400, 400);
  return [...data].filter((_, index) => index % 4 === 0);
}"""

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


def urls() -> dict[str, str]:
    """Return the whole URLs of all links, by their names."""
    links = PrivateLink.objects.select_related("event_type").order_by("pk")
    return {link.name: f"{settings.SITE_URL}{link.get_absolute_url()}" for link in links}


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False, "viewport": PHONE}])
def test_links_are_created_and_downloaded_with_and_without_javascript(
    open_tab: OpenTab, tmp_path: Path, options: dict[str, object]
) -> None:
    page = open_tab(**options)

    page.get_by_role("link", name="Create several").click()
    page.get_by_label("Number of links").fill("60")
    page.get_by_label("Name").fill("Beta {n}")
    page.get_by_label("Expiry date").fill("2020-01-01")
    page.get_by_role("button", name="Create links").click()
    refused = page.get_by_text(
        "This has passed already. Choose a later date, or leave it blank for no limit.", exact=True
    )
    expect(refused).to_be_visible()
    expect(page.get_by_label("Number of links")).to_have_value("60")
    page.get_by_label("Expiry date").fill("2999-08-31")
    page.get_by_role("button", name="Create links").click()

    expect(page.get_by_role("heading", name="60 private links")).to_be_visible()
    expect(page.get_by_text("60 links are created.")).to_be_visible()
    expect(page.get_by_label("URL of Beta 50")).to_have_value(urls()["Beta 50"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    download.value.save_as(tmp_path / "links.csv")
    with (tmp_path / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Name"]: row["URL"] for row in csv.DictReader(file)} == urls()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_label("URL of Beta 60")).to_have_value(urls()["Beta 60"])


def test_double_click_creates_the_links_once(open_tab: OpenTab) -> None:
    page = open_tab()
    page.get_by_role("link", name="Create several").click()
    page.get_by_label("Number of links").fill("3")

    page.get_by_role("button", name="Create links").dblclick()

    expect(page.get_by_role("heading", name="3 private links")).to_be_visible()
    assert list(urls()) == ["Link 1", "Link 2", "Link 3"]


def test_created_link_is_copied(open_tab: OpenTab) -> None:
    page = open_tab(permissions=["clipboard-write"])
    page.get_by_role("link", name="Create several").click()
    page.get_by_label("Number of links").fill("1")
    page.get_by_role("button", name="Create links").click()

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_text("Copied")).to_be_visible()
    assert pasted(page) == urls()["Link 1"]


def test_links_that_are_switched_off_say_so_and_lead_to_the_switch(open_tab: OpenTab, event_type: EventType) -> None:
    EventType.objects.update(private_links_enabled=False)
    page = open_tab()
    page.goto(f"/event-types/{event_type.pk}/advanced/several/")
    expect(page.get_by_text("Private links are switched off for this event type")).to_be_visible()
    page.get_by_label("Number of links").fill("1")

    page.get_by_label("Switch private links on").uncheck()
    page.get_by_role("button", name="Create links").click()

    expect(page.get_by_text("nobody can book through these links yet")).to_be_visible()
    page.get_by_role("link", name="Switch them on in the Advanced tab").click()
    expect(page.get_by_role("switch", name="Private links")).not_to_be_checked()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.in_full), "dark"])
def test_qr_code_on_the_links_page_is_read_as_its_url(open_tab: OpenTab, event_type: EventType, scheme: str) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, name="Beta")
    page = open_tab(color_scheme=scheme)
    page.goto(f"/private-links/{link.pk}/")

    page.get_by_text("QR code", exact=True).click()

    picture = page.get_by_role("img", name="QR code of the URL of Beta")
    expect(picture).to_be_visible()
    assert read_qr_code(bytes(picture.evaluate(DRAW)), width=400) == [urls()["Beta"]]
    for name, ending in (("SVG", "svg"), ("PNG", "png")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"qr-beta.{ending}"
