"""A real Chromium on a real site. A page that logs an error, or breaks its Content-Security-Policy, fails its test."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django import Settings

from tests.chromium import find_chromium
from tests.live_site import running_site

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright keeps an event loop running in this thread, which Django takes for a sign of asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# What is logged as an error and is none: a 4xx answer to a form, and a request that a later click has overtaken.
NO_ERRORS = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")

type OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium: the machine's, or the one that Playwright has installed.

    It goes with the package: no test of anything else runs inside Playwright's event loop.
    """
    executable = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Yield the origin of the site, served from the test database with a single process."""
    with django_db_blocker.unblock(), running_site(workers=1) as origin:
        yield origin


@pytest.fixture
def open_page(browser: Browser, site: str, transactional_db: None, settings: Settings) -> Iterator[OpenPage]:
    """Yield a function that opens an empty page of a person of their own; keywords go to `Browser.new_context`."""
    settings.SITE_URL = site
    contexts = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NO_ERRORS):
            errors.append(message.text)

    def open_new(**options: Any) -> Page:
        defaults = {"base_url": site, "locale": "en-GB", "timezone_id": "Europe/Berlin"}
        context = browser.new_context(**(defaults | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_new
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Open an empty page."""
    return open_page()
