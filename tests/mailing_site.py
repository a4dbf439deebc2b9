"""The site that mails are from: its address, and its sender."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "https://book.example.com"
    settings.DEFAULT_FROM_EMAIL = "Sidedoor <sidedoor@example.com>"
