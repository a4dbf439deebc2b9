"""The settings as they are read from the environment, each time anew."""

import re
import runpy
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import settings

type ReadSettings = Callable[..., SimpleNamespace]


@pytest.fixture
def read_settings(monkeypatch: pytest.MonkeyPatch) -> ReadSettings:
    """Return what reads the settings with the variables in the environment; Django's own stay as they are."""

    def read(**environment: str) -> SimpleNamespace:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return SimpleNamespace(**runpy.run_path(settings.__file__))

    return read


@pytest.mark.parametrize(
    "site_url", ["", "book.example.org", "ftp://book.example.org", "https://", "https://x.org/app"]
)
def test_site_url_that_is_no_origin_is_refused_in_a_sentence(read_settings: ReadSettings, site_url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"without a path, not {site_url.rstrip('/')!r}.") + "$"):
        read_settings(SITE_URL=site_url)


def test_site_url_sets_hosts_origins_and_cookies(read_settings: ReadSettings) -> None:
    read = read_settings(SITE_URL="https://book.example.org/", ALLOWED_HOSTS="a.example, b.example")

    assert read.ALLOWED_HOSTS == ["book.example.org", "a.example", "b.example"]
    assert read.CSRF_TRUSTED_ORIGINS == ["https://book.example.org"]
    assert read.SESSION_COOKIE_SECURE
    assert read.SECURE_HSTS_SECONDS > 0
    assert not read.SECURE_HSTS_INCLUDE_SUBDOMAINS


def test_secret_key_is_required_outside_debug(read_settings: ReadSettings) -> None:
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY"):
        read_settings(SECRET_KEY="", DEBUG="")


@pytest.mark.parametrize(("days", "kept"), [("", None), (" 90 ", 90)])
def test_past_bookings_are_kept_for_ever_or_for_so_many_days(
    read_settings: ReadSettings, days: str, kept: int | None
) -> None:
    assert kept == read_settings(BOOKINGS_KEPT_DAYS=days).BOOKINGS_KEPT_DAYS


@pytest.mark.parametrize("days", ["0", "-1", "a year", "1.5", "36501", "²"])
def test_what_is_no_number_of_days_is_refused_in_a_sentence(read_settings: ReadSettings, days: str) -> None:
    sentence = "BOOKINGS_KEPT_DAYS must be a number of days from 1 to 36500, or blank"
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_settings(BOOKINGS_KEPT_DAYS=days)
