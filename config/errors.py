"""The pages for what went wrong. They ask neither the session nor the user nor the database: any may be the trouble."""

import sys
from collections.abc import Iterator
from http import HTTPStatus

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from eventtypes.views.too_often import too_often

RETRY_AFTER_SECONDS = 5
# The limits of accounts say no instant; most of them are a few minutes long.
RETRY_AFTER_LIMIT_SECONDS = 5 * 60


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that what was sent cannot be read, or is not for this site."""
    return _error_page("400.html", HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this person may not see the page."""
    return _error_page("403.html", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form has to be opened anew: its token is missing or too old."""
    return _error_page("403_csrf.html", HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at this address."""
    return _error_page("404.html", HTTPStatus.NOT_FOUND)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Say that this was too often in a short time."""
    return too_often(RETRY_AFTER_LIMIT_SECONDS)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke, or, when the database is too busy or away, to try again in a moment."""
    if not _database_is_unavailable(sys.exception()):
        return _error_page("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)
    response = _error_page("503.html", HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _error_page(template: str, status: HTTPStatus) -> HttpResponse:
    """Render the template without a request, so that no context processor runs."""
    response = HttpResponse(render_to_string(template), status=status)
    response["Cache-Control"] = "private, no-store"
    # The address may be a secret one.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _database_is_unavailable(error: BaseException | None) -> bool:
    """Tell whether the error is the database's state rather than a mistake of ours.

    Lock timeouts, deadlocks, serialization failures, an exhausted pool, lost and refused connections are all
    OperationalErrors; a connection that broke in the middle of a transaction can also be an InterfaceError.
    """
    unavailable = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
    return any(isinstance(cause, unavailable) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__
