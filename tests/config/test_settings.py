"""The settings as they are read from the environment, each time in a process of its own."""

import os
import subprocess
import sys

import pytest


def read_settings(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a new process, and print the value of the expression."""
    code = f"from config import settings; print({expression})"
    variables = {**os.environ, "SECRET_KEY": "only-for-tests", **environment}
    return subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "site_url", ["", "book.example.org", "ftp://book.example.org", "https://", "https://x.org/app"]
)
def test_site_url_that_is_no_origin_is_refused_in_a_sentence(site_url: str) -> None:
    result = read_settings("settings.SITE_URL", SITE_URL=site_url)

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith(f"without a path, not {site_url.rstrip('/')!r}.")


def test_site_url_sets_hosts_origins_and_cookies() -> None:
    result = read_settings(
        "settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS, settings.SESSION_COOKIE_SECURE,"
        " settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS",
        SITE_URL="https://book.example.org/",
        ALLOWED_HOSTS="a.example, b.example",
    )

    hosts = ["book.example.org", "a.example", "b.example"]
    assert result.stdout.strip() == f"{hosts} ['https://book.example.org'] True True False"


def test_secret_key_is_required_outside_debug() -> None:
    result = read_settings("settings.SECRET_KEY", SECRET_KEY="", DEBUG="")

    assert result.returncode == 1
    assert "Set SECRET_KEY" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(("days", "kept"), [("", "None"), (" 90 ", "90")])
def test_past_bookings_are_kept_for_ever_or_for_so_many_days(days: str, kept: str) -> None:
    assert read_settings("settings.BOOKINGS_KEPT_DAYS", BOOKINGS_KEPT_DAYS=days).stdout.strip() == kept


@pytest.mark.parametrize("days", ["0", "-1", "a year", "1.5", "36501", "²"])
def test_what_is_no_number_of_days_is_refused_in_a_sentence(days: str) -> None:
    result = read_settings("settings.BOOKINGS_KEPT_DAYS", BOOKINGS_KEPT_DAYS=days)

    assert result.returncode == 1
    assert "BOOKINGS_KEPT_DAYS must be a number of days from 1 to 36500, or blank" in result.stderr.splitlines()[-1]
