"""What the answers of secret addresses have in common: they leave no trace outside the browser that asked."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string

HEADERS = {
    # Only the origin leaves. Without a referrer at all, browsers would send "Origin: null" with forms.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


def secret_page[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Send the headers that keep the page's address secret with every answer of the view, also with its 404.

    What the view has said of them itself stays.
    """

    @wraps(view)
    def with_headers(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(*args, **kwargs)
        except Http404:
            response = HttpResponse(render_to_string("404.html"), status=HTTPStatus.NOT_FOUND)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return with_headers
