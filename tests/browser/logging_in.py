"""Logging in without the form, for tests that are about something else."""

from django.test import Client
from playwright.sync_api import Page

from eventtypes.models import Host
from tests import logging_in


def log_in(page: Page, host: Host, site: str) -> None:
    """Let the page, and the others of its context, be the host's."""
    client = Client()
    logging_in.log_in(client, host)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
