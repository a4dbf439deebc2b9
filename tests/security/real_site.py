"""The settings of a real site, behind HTTPS, as config/settings.py makes them from such a site's environment."""

import runpy
from unittest import mock

from pytest_django import Settings

HOST = "sidedoor.example"
# What is about the outside of a site; the rest stays as the tests have it.
OUTSIDE = ("SITE_", "ALLOWED_HOSTS", "CSRF_", "SESSION_COOKIE_", "SECURE_", "X_FRAME_OPTIONS", "PERMISSIONS_POLICY")


def become_a_real_site(settings: Settings) -> None:
    """Set what a site at https://sidedoor.example has set; a client reads it with its first request."""
    with mock.patch.dict("os.environ", SITE_URL=f"https://{HOST}"):
        real = runpy.run_path("config/settings.py")
    for name, value in real.items():
        if name.startswith(OUTSIDE):
            setattr(settings, name, value)
