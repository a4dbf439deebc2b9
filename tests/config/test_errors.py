"""What people see when something goes wrong."""

from collections.abc import Callable

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.errors import bad_request, csrf_failure, page_not_found, permission_denied, server_error

pytestmark = pytest.mark.urls("tests.config.failing_urls")


@pytest.fixture
def visitor() -> Client:
    """A client that sees the answer where a test would see the exception, and whose forms need their token."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/database/55P03/",  # lock timeout
        "/database/40P01/",  # deadlock
        "/database/40001/",  # serialization failure
        "/database/53300/",  # too many connections
        "/database/57P01/",  # the server is shutting down
        "/exhausted-pool/",
        "/no-server/",
        "/lost-connection/",
    ],
)
def test_unavailable_database_is_a_503_that_says_when_to_come_back(visitor: Client, path: str) -> None:
    response = visitor.get(path)

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "Please try again" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/database/22012/",  # division by zero
        "/database/42P01/",  # undefined table
        "/mistake/",
        "/mistake-about-a-mistake/",
    ],
)
def test_mistake_is_a_500(visitor: Client, path: str) -> None:
    response = visitor.get(path)

    assert response.status_code == 500
    assert "Retry-After" not in response
    assert "Something went wrong" in response.text


@pytest.mark.parametrize(("path", "status"), [("/forbidden/", 403), ("/nowhere/", 404)])
def test_refusal_has_a_page_of_ours(visitor: Client, path: str, status: int) -> None:
    response = visitor.get(path)

    assert response.status_code == status
    assert "<h1>" in response.text


def test_form_without_its_token_is_a_403_that_says_what_to_do(visitor: Client) -> None:
    response = visitor.post("/form/")

    assert response.status_code == 403
    assert "<h1>This page has been open for too long</h1>" in response.text
    assert '<a class="button" href="">Open it again</a>' in response.text


@pytest.mark.parametrize(
    "answer",
    [
        server_error,
        csrf_failure,
        lambda request: bad_request(request, ValueError()),
        lambda request: permission_denied(request, PermissionError()),
        lambda request: page_not_found(request, Http404()),
    ],
    ids=["500", "csrf", "400", "403", "404"],
)
def test_error_page_asks_neither_session_nor_user_nor_database(answer: Callable[[HttpRequest], HttpResponse]) -> None:
    request = RequestFactory().get("/")

    response = answer(request)

    assert not hasattr(request, "session")
    assert response["Cache-Control"] == "private, no-store"
