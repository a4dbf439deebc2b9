"""The Advanced tab as a browser opens it, fills it in and sends it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.privatelinks.forms_of_a_page import fields_of

NOW = datetime.now(UTC)
TOMORROW = NOW + timedelta(days=1)
YESTERDAY = NOW - timedelta(days=1)


def url_of(event_type: EventType) -> str:
    return f"/event-types/{event_type.pk}/advanced/"


def opened(client: Client, event_type: EventType) -> dict[str, str]:
    """Open the tab and return the fields of its form as they are sent untouched."""
    return fields_of(client.get(url_of(event_type)).text, having="visibility")


def save(client: Client, event_type: EventType, fields: dict[str, str], **typed: str) -> Any:
    """Save the tab with what was typed; `links_0_name` stands for the field links-0-name."""
    named = {name.replace("links_0_", "links-0-").replace("links_1_", "links-1-"): text for name, text in typed.items()}
    return client.post(url_of(event_type), fields | named)


def errors_of(response: Any) -> list[dict[str, list[str]]]:
    return [dict(form.errors) for form in response.context["form"].links.forms]


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)
