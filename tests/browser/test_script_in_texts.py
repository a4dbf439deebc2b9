"""Script in every text, in a real Chromium: every page is opened by a visitor and by the host, and nothing runs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.scale import FRACTION
from tests.security.hostile_texts import HOSTILE, MARK
from tests.security.one_of_everything import address, make_everything, routes

# What closes an element, and what closes an attribute.
CLOSING = [HOSTILE[5], HOSTILE[2]]
TEXTS = HOSTILE if FRACTION == 1 else CLOSING[:1]
# The pages that say most texts; in full, those two texts are tried on every page.
MAIN_PAGES = [
    "/<username>/",
    "/d/<link_hash>/<slug>",
    "/booking/<uid>/",
    "/event-types/<pk>/advanced/",
    "/private-links/",
    "/bookings/<uid>/",
    "/admin/bookings/booking/<object_id>/change/",
]
# Downloads are no pages, and who has logged out sees no more of the others.
NO_PAGES = re.compile(r"\.(ics|csv|svg|png)$|/logout/|^/healthz|^/readyz|recovery-codes/download")
PAGES = [route for route in routes() if not NO_PAGES.search(route)]
# What would run, were it script: it opens a dialog, or asks for what is not there.
EXECUTED = f"document.querySelectorAll('{MARK}, [{MARK}], [onerror], [onload], [ontoggle], [onfocus]').length"

pytestmark = [pytest.mark.rule("S10"), pytest.mark.trust]


def watch(page: Page) -> list[str]:
    """Return the list that takes down what runs, or tries to: dialogs, mistakes, requests for what a text names."""
    seen: list[str] = []

    def dismiss(dialog: Any) -> None:
        seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("console", lambda message: seen.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda request: seen.append(request.url) if request.url.endswith(f"/{MARK}") else None)
    return seen


def log_in(page: Page, client: Client, site: str) -> None:
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_nothing_that_is_said_runs(open_page: OpenPage, site: str, figure: Callable[[str], None], text: str) -> None:
    everything = make_everything(text, location_kind="text")
    visitor, host = Client(), Client()
    host.force_login(everything.host)
    opened = 0

    for client in (visitor, host):
        page = open_page()
        seen = watch(page)
        if client is host:
            log_in(page, host, site)
        for route in PAGES if FRACTION == 1 and text in CLOSING else MAIN_PAGES:
            path = address(route, everything.values_of(route))
            # Chromium keeps what is to be downloaded, and shows an error of its own where an answer is empty: to what
            # is for posting only.
            answer = client.get(path)
            if answer.streaming or not answer.content:
                continue
            page.goto(path)
            opened += 1
            elements = page.evaluate(EXECUTED)
            assert (route, elements, seen) == (route, 0, [])

    figure(f"{text!r}: {opened} pages in Chromium, 0 executed.")


def test_what_would_run_is_seen(open_page: OpenPage) -> None:
    """The control: the same text on a page that does not escape it, and that no policy guards."""
    page = open_page()
    seen = watch(page)
    unguarded = f"<p>{HOSTILE[5]}{HOSTILE[0]}"
    page.route("**/unguarded/", lambda route: route.fulfill(content_type="text/html", body=unguarded))

    page.goto("/unguarded/")

    assert seen == [f"dialog: {MARK}"] * 2
    assert page.evaluate(EXECUTED) == 2
