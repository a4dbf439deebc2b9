"""The headers and cookies of every answer: of every route for every person, of errors, redirects and static files."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from config import urls as site_urls
from eventtypes.rates import Rate
from tests.bookings.booking_forms import booking_fields
from tests.config import failing_urls
from tests.scale import FRACTION
from tests.security.addresses import every_route
from tests.security.conftest import PERSONS, Scene
from tests.security.real_site import HOST, become_a_real_site

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
pytestmark = pytest.mark.usefixtures("_quiet")

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin",
}
# Browsers take everything from 'none' that is not named, but not these.
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
POWERS = ("camera", "microphone", "geolocation", "payment", "usb", "clipboard-read", "display-capture")
OF_SECRET_ADDRESSES = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "strict-origin",
}
SECRET = ("d/", "^d(", "booking/", "calendar/", "^calendar(")
STATIC = ["/static/css/tokens.css", "/static/js/private-links.js", "/static/css/no-such.css", "/favicon.ico"]

# The site, with addresses where something goes wrong (tests/config/failing_urls.py).
handler400, handler403, handler404 = site_urls.handler400, site_urls.handler403, site_urls.handler404
handler429, handler500 = site_urls.handler429, site_urls.handler500
urlpatterns = [path("failing/", include(failing_urls.urlpatterns)), *site_urls.urlpatterns]


@pytest.fixture
def real_site(settings: Settings) -> Settings:
    become_a_real_site(settings)
    return settings


@pytest.fixture
def new_client(real_site: Settings) -> Callable[[], Client]:
    """Return what makes a client of the real site."""
    return lambda: Client(raise_request_exception=False, headers={"host": HOST})


def whats_wrong(answer: Any) -> list[str]:
    """Return what the answer lacks, or has too much of, of what every answer over HTTPS has."""
    headers = answer.headers
    wrong = [name for name, value in EXPECTED.items() if headers.get(name) != value]
    policy = dict(rule.strip().split(" ", 1) for rule in headers.get("Content-Security-Policy", "- -").split(";"))
    wrong += [name for name, value in CSP.items() if policy.get(name) != value]
    wrong += [unsafe for unsafe in ("unsafe-", "data:", "*", "http:") if unsafe in str(policy)]
    powers = headers.get("Permissions-Policy", "").split(", ")
    wrong += [power for power in POWERS if f"{power}=()" not in powers]
    return wrong + list(whats_wrong_with_cookies(answer))


def whats_wrong_with_cookies(answer: Any) -> Iterator[str]:
    for cookie in answer.cookies.values():
        is_deletion = cookie["max-age"] == 0
        if not is_deletion and not (cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"):
            yield f"cookie {cookie.key}"


def traces(answer: Any) -> list[tuple[str, str | None]]:
    """Return what the answer of a secret address says otherwise than it should."""
    found = {name: answer.headers.get(name) for name in OF_SECRET_ADDRESSES}
    return [(name, value) for name, value in found.items() if value != OF_SECRET_ADDRESSES[name]]


def ask(client: Client, method: str, address: str, *, secure: bool = True, **more: Any) -> Any:
    """Return the answer, over HTTPS unless it says otherwise; what the request has done is undone."""
    cookies = copy.copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, address, secure=secure, **more)
        transaction.set_rollback(True)
    client.cookies = cookies
    # Read to its end, a static file is closed.
    _body = answer.getvalue()
    return answer


@pytest.mark.rule("S13")
@pytest.mark.trust
def test_every_route_sends_every_header_to_everybody(scene: Scene, figure: Callable[[str], None]) -> None:
    tries = [(person, route, method) for person in PERSONS for route in every_route() for method in METHODS]
    cookies, wrong = 0, []

    # Of a few, each kind of person and each method has its turn.
    for person, route, method in tries[:: 1 if FRACTION == 1 else 17]:
        answer = ask(scene.clients[person], method, scene.address(route, knows_secrets=person != "visitor"))
        cookies += len(answer.cookies)
        wrong += [(method, route, person, found) for found in whats_wrong(answer)]

    assert wrong == []
    assert cookies > 0
    figure(
        f"{len(every_route())} routes × {len(PERSONS)} kinds of person × {len(METHODS)} methods: {len(tries):,} "
        f"answers and {cookies:,} cookies, all with every header and attribute."
    )


@pytest.mark.rule("S13")
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/failing/mistake/", 500),
        ("/failing/mistake-about-a-mistake/", 500),
        ("/failing/no-server/", 503),
        ("/failing/database/53300/", 503),
        ("/failing/forbidden/", 403),
        ("/no/such/page/", 404),
        ("/d/no/such/page/", 404),
        ("/event-types", 301),
        *[(address, 404 if "no-such" in address or "favicon" in address else 200) for address in STATIC],
    ],
)
def test_errors_redirects_and_static_files_send_every_header(scene: Scene, address: str, status: int) -> None:
    answers = [ask(client, "GET", address) for client in scene.clients.values()]

    assert {answer.status_code for answer in answers} == {status}
    assert [whats_wrong(answer) for answer in answers] == [[]] * len(PERSONS)


@pytest.mark.rule("S13")
def test_refusals_send_every_header(scene: Scene, new_client: Callable[[], Client], real_site: Settings) -> None:
    real_site.BOOKINGS_PER_ADDRESS = Rate.parse("1/1h")
    visitor, strict = new_client(), new_client()
    strict.handler.enforce_csrf_checks = True

    answers = {
        400: visitor.get("/", headers={"host": "elsewhere.example"}, secure=True),
        403: strict.post("/accounts/login/", secure=True),
        405: visitor.put("/healthz", secure=True),
        422: visitor.post("/ada/lunch/", booking_fields(email="nonsense"), secure=True),
        429: visitor.post("/ada/lunch/", booking_fields(), secure=True),
    }

    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    assert {status: whats_wrong(answer) for status, answer in answers.items()} == {status: [] for status in answers}


@pytest.mark.rule("S13")
def test_secret_addresses_leave_no_trace_however_they_are_answered(
    scene: Scene, new_client: Callable[[], Client], figure: Callable[[str], None]
) -> None:
    client, strict = new_client(), new_client()
    strict.handler.enforce_csrf_checks = True
    addresses = {scene.address(route) for route in every_route() if route.startswith(SECRET)}
    addresses |= {address.rstrip("/") for address in addresses} | {f"{address}/" for address in addresses}
    too_much: dict[str, Any] = {"data": b"a=1&" * 3_000, "content_type": "application/x-www-form-urlencoded"}
    answers = [(address, ask(client, method, address)) for address in addresses for method in METHODS]
    answers += [(address, ask(client, "POST", address, **too_much)) for address in addresses]
    answers += [(address, ask(client, "GET", address, secure=False)) for address in addresses]
    answers += [(address, ask(strict, "POST", address)) for address in addresses]

    wrong = [(address, answer.status_code, *traces(answer)) for address, answer in answers if traces(answer)]
    # Calendars may keep a feed, but ask each time whether it is still true.
    assert {found[1:] for found in wrong} == {(200, ("Cache-Control", "private, no-cache"))}
    assert {address for address, *_ in wrong} == {scene.address("calendar/<str:feed_hash>.ics")}
    assert {answer.status_code for _, answer in answers} == {200, 301, 302, 400, 403, 404, 405, 422}
    figure(f"{len(addresses)} secret addresses, {len(answers):,} answers: none leaves a trace in caches and indexes.")


@pytest.mark.rule("S13")
def test_plain_http_leads_to_https_and_says_so_with_every_header(scene: Scene, figure: Callable[[str], None]) -> None:
    visitor = scene.clients["visitor"]
    # Load balancers ask these from inside.
    routes = [route for route in every_route() if route not in ("healthz", "readyz")]
    # Browsers obey it over HTTPS alone.
    unseen = ["Strict-Transport-Security"]

    answers = {address: ask(visitor, "GET", address, secure=False) for address in map(scene.address, routes)}

    led = {address: answer.headers.get("Location") for address, answer in answers.items()}
    assert led == {address: f"https://{HOST}{address}" for address in answers}
    assert [answer.status_code for answer in answers.values()] == [301] * len(answers)
    assert [whats_wrong(answer) for answer in answers.values()] == [unseen] * len(answers)
    figure(f"{len(answers)} addresses over plain HTTP: each leads to HTTPS.")
