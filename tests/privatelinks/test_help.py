"""The user's page about private links: shown from docs/, and true to the words on the screens."""

import re

import pytest
from django.conf import settings
from django.test import Client

from eventtypes.models import Host
from tests.factories import EventTypeFactory, PrivateLinkFactory

pytestmark = pytest.mark.django_db

MANUAL = (settings.BASE_DIR / "docs" / "private-links.md").read_text()


def test_page_is_the_manual(host_client: Client) -> None:
    page = host_client.get("/help/private-links/").text

    assert page.count("<h1>") == 1
    assert "<h2>What to expect</h2>" in page
    assert re.findall(r"<h2>(.*)</h2>", page) == re.findall(r"^## (.*)$", MANUAL, re.MULTILINE)


def test_four_steps_name_what_is_on_the_screens(host: Host, host_client: Client) -> None:
    link = PrivateLinkFactory.create(event_type__host=host)
    steps = re.search(r"## Make one in four steps\n(.*?)\n## ", MANUAL, re.DOTALL)
    assert steps is not None
    named = {" ".join(words.split()) for words in re.findall(r"\*\*(.*?)\*\*", steps[1], re.DOTALL)}

    page = host_client.get(f"/event-types/{link.event_type.pk}/advanced/").text

    assert {words for words in named if words not in page} == set()


def test_advanced_tab_leads_to_the_manual(host: Host, host_client: Client) -> None:
    event_type = EventTypeFactory.create(host=host)

    page = host_client.get(f"/event-types/{event_type.pk}/advanced/").text

    assert '<a class="link-section-more" href="/help/private-links/">Learn more</a>' in page
