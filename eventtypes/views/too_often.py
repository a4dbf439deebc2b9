"""The page for who has done something too often in a short time."""

from http import HTTPStatus

from django.http import HttpResponse
from django.template.loader import render_to_string


def too_often(retry_after: int) -> HttpResponse:
    """Say that this was too often, and in how many seconds it can be tried again; ask for neither session nor user."""
    page = render_to_string("429.html", {"minutes": -(-retry_after // 60)})
    response = HttpResponse(page, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
