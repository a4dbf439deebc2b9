"""Finds a Chromium for the browser tests; as a program, installs one if the machine has none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

# The same engine without a window and what belongs to one: it needs a quarter of the time for a page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of the machine's Chromium, or of the one that Playwright has installed."""
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def ways_to_install() -> Iterator[list[str]]:
    """Yield the commands that may bring a Chromium, the system's own first."""
    rights = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if shutil.which("apt-get") and (not rights or shutil.which("sudo")):
        apt_get = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
        yield [*apt_get, "update"]
        for package in (SHELL, "chromium"):
            yield [*apt_get, "install", "--yes", "--no-install-recommends", package]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


def main() -> None:
    """Make sure that there is a Chromium."""
    for command in ways_to_install():
        if find_chromium():
            return
        print("Installing Chromium for the browser tests:", *command[-3:], flush=True)
        subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
    if not find_chromium():
        sys.exit("The browser tests need Chromium, and it could not be installed: install it and try again.")


if __name__ == "__main__":
    main()
