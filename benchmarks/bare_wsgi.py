"""The site to compare with: the same server, settings and templates, but for a private link's page it has every value.

The first time that an address is asked for, the real view makes the values of its page, and they are kept. From then
on nothing is left to do but to render, without a database.
"""

from functools import cache
from threading import Lock
from typing import Any
from unittest.mock import patch

from config.wsgi import application

# isort: split
# The rest can be imported only now that Django is set up.
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import path

from bookings.views import booking_page
from bookings.views.private_link import book_private_link
from config.urls import urlpatterns as real_urlpatterns

__all__ = ["application"]

# The real view is patched while it makes the values: one at a time.
making = Lock()


@cache
def ready(address: str, link_hash: str, slug: str) -> tuple[str, dict[str, Any]]:
    """Return the template that the real view renders for the address, and the values for it."""
    with patch.object(booking_page, "render", return_value=HttpResponse()) as rendered:
        book_private_link(RequestFactory().get(address), link_hash, slug)
    _request, template, values = rendered.call_args.args
    return template, values


@login_not_required
def bare_page(request: HttpRequest, link_hash: str, slug: str) -> HttpResponse:
    """Render the page from ready values."""
    with making:
        template, values = ready(request.get_full_path(), link_hash, slug)
    return render(request, template, values)


urlpatterns = [path("d/<str:link_hash>/<str:slug>", bare_page), *real_urlpatterns]
settings.ROOT_URLCONF = __name__
