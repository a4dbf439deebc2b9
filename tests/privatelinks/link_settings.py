"""The settings on the page of a link, as a browser opens it, fills it in and sends it."""

from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from eventtypes.models import Host
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.privatelinks.forms_of_a_page import fields_of

NOTHING_NARROWED: dict[str, Any] = {
    "invitee_name": "",
    "invitee_email": "",
    "allowed_invitees": [],
    "offer_starts_on": None,
    "offer_ends_on": None,
    "offer_duration_minutes": None,
    "offer_notice_minutes": None,
}
STORED = {
    "invitee_name": "Iris Invitee",
    "invitee_email": "iris@example.com",
    "allowed_invitees": ["iris@example.com", "@example.org"],
    "offer_starts_on": date(2999, 8, 3),
    "offer_ends_on": date(2999, 8, 7),
    "offer_duration_minutes": 60,
    "offer_notice_minutes": 120,
}


@pytest.fixture
def link(host: Host) -> PrivateLink:
    """A link to an event type of 30 minutes, or 15, or 60."""
    event_type = EventTypeFactory.create(host=host, duration_options=[15, 60], minimum_notice_minutes=120)
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name="Beta")
    return link


def url_of(link: PrivateLink) -> str:
    return f"/private-links/{link.pk}/"


def shown(client: Client, link: PrivateLink) -> dict[str, str]:
    """Return the fields of the page as they are sent untouched."""
    page = client.get(url_of(link))
    field = page.context["form"]["allowed_invitees"]
    return fields_of(page.text, having="max_uses") | {"allowed_invitees": field.value()}


def save(client: Client, link: PrivateLink, **typed: str) -> Any:
    return client.post(url_of(link), shown(client, link) | typed)


def stored(link: PrivateLink) -> dict[str, Any]:
    return dict(PrivateLink.objects.filter(pk=link.pk).values(*NOTHING_NARROWED).get())


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return dict(response.context["form"].errors)
