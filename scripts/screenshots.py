"""Makes the pictures of the README from the demo: `.venv/bin/python -m scripts.screenshots` (after `make test`)."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.chromium import find_chromium

PROJECT = Path(__file__).resolve().parent.parent
IMAGES = PROJECT / "docs" / "images"
PORT = "8937"
ORIGIN = f"http://127.0.0.1:{PORT}"
START_SECONDS = 90
WIDTH = 1180


def main() -> None:
    """Run the demo, and take the pictures."""
    with tempfile.TemporaryDirectory() as data, running_demo(Path(data)) as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            base_url=ORIGIN, device_scale_factor=1.5, locale="en-GB", timezone_id="Europe/Berlin", color_scheme="light"
        )
        take_advanced_tab(page, password=(Path(data) / "demo_host_password").read_text())
        take_booking_page(page, link)
        browser.close()


@contextmanager
def running_demo(data: Path) -> Iterator[str]:
    """Run the site on an empty data folder, and yield its live private link."""
    log = data / "run.log"
    variables = os.environ | {"SIDEDOOR_DATA": str(data), "PORT": PORT}
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "config.run"], cwd=PROJECT, env=variables, stdout=output, stderr=subprocess.STDOUT
        ) as site,
    ):
        try:
            yield wait_for_link(log)
        finally:
            site.terminate()


def wait_for_link(log: Path) -> str:
    """Return the private link that the demo prints once the site is up."""
    deadline = time.monotonic() + START_SECONDS
    while (match := re.search(rf"{ORIGIN}/d/\S+", log.read_text())) is None:
        if time.monotonic() > deadline:
            raise SystemExit(f"The site did not start:\n{log.read_text()}")
        time.sleep(0.2)
    return match[0]


def take_advanced_tab(page: Page, *, password: str) -> None:
    """Log in as the demo's host, and picture the private links of the private event type."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address or username").fill("demo")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Mentoring session", exact=True).click()
    page.get_by_role("link", name="Advanced").click()
    switch = page.get_by_role("switch", name="Private links")
    switch.wait_for()
    page.set_viewport_size({"width": WIDTH, "height": 1060})
    # What comes before it is not about links.
    switch.evaluate("element => window.scrollBy(0, element.getBoundingClientRect().top - 32)")
    picture(page, "advanced-tab.png", height=1060)


def take_booking_page(page: Page, link: str) -> None:
    """Picture what an invitee sees who opens the link and turns to the next month, which has more days ahead."""
    page.goto(link)
    page.locator("#month-after").click()
    page.locator("#month-before").wait_for()
    page.mouse.move(0, 0)
    picture(page, "booking-page.png", height=560)


def picture(page: Page, name: str, *, height: int) -> None:
    """Take the picture of what is in sight."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.screenshot(path=IMAGES / name)


if __name__ == "__main__":
    main()
