"""The page of a private link in a real browser: what cannot be taken back is asked for in a dialog."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from privatelinks.models import PrivateLink
from tests.factories import PrivateLinkFactory


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link of a host who is logged in."""
    link: PrivateLink = PrivateLinkFactory.create(name="Beta")
    return link


@pytest.fixture
def link_page(page: Page, link: PrivateLink) -> Page:
    """The link's page, opened by its host."""
    client = Client()
    client.force_login(link.event_type.host)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])
    page.goto(f"/private-links/{link.pk}/")
    return page


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
