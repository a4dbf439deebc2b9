"""The admin's pages of event types and private links, as staff open, fill in and send them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from privatelinks.models import PrivateLink
from tests.privatelinks import forms_of_a_page

NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=1)
LINKS = "/admin/privatelinks/privatelink/"
EVENT_TYPES = "/admin/eventtypes/eventtype/"


def fields_of(response: Any) -> dict[str, str]:
    """Return what the page's form sends if nobody touches it."""
    return forms_of_a_page.fields_of(response.text, having="_save")


def change(client: Client, path: str, **typed: Any) -> Any:
    """Send the change form with what was typed; `links_0_name` stands for the field private_links-0-name."""
    named = {name.replace("links_0_", "private_links-0-"): value for name, value in typed.items()}
    return client.post(path, fields_of(client.get(path)) | named)


def act(client: Client, action: str, links: list[PrivateLink], **fields: str) -> Any:
    """Do the bulk action to the links."""
    return client.post(LINKS, {"action": action, "_selected_action": [link.pk for link in links]} | fields)


def errors_of(response: Any) -> list[str]:
    return [str(message) for messages in response.context["errors"] for message in messages]


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)
