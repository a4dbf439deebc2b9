"""Logging in without the form, for tests that are about something else."""

from django.test import Client
from playwright.sync_api import Page

from eventtypes.models import Host


def log_in(page: Page, host: Host, site: str) -> None:
    """Let the page, and the others of its context, be the host's."""
    client = Client()
    client.force_login(host)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
