"""Forms that no page of the site has sent: without the token, with another one, or from somewhere else."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from tests.bookings.booking_forms import booking_fields
from tests.factories import PASSWORD
from tests.routes import every_pattern
from tests.scale import FRACTION
from tests.security.addresses import every_route
from tests.security.conftest import PERSONS, Scene
from tests.security.real_site import HOST, become_a_real_site
from tests.security.stored import digest_of_all

TOKEN, OTHER_TOKEN = "t" * 32, "u" * 32
ELSEWHERE = "https://evil.example"
OURS = {"origin": f"https://{HOST}"}
# What a page elsewhere can have a browser send. The cookie goes with it at best; the token in the form is known to
# nobody else, but for those who forge it knowing it, the origin is looked at as well.
FORGERIES: dict[str, tuple[str, dict[str, str]]] = {
    "no token": ("", OURS),
    "another token": (OTHER_TOKEN, OURS),
    "from elsewhere": (TOKEN, {"origin": ELSEWHERE}),
    "from a subdomain": (TOKEN, {"origin": f"https://evil.{HOST}"}),
    "from nowhere": (TOKEN, {"origin": "null"}),
    "over plain HTTP": (TOKEN, {"origin": f"http://{HOST}"}),
    "without an origin": (TOKEN, {}),
    "by a link elsewhere": (TOKEN, {"referer": f"{ELSEWHERE}/{HOST}/"}),
}
FIELDS = {
    "<slug:username>/<slug:slug>/": booking_fields(),
    "d/<str:link_hash>/<str:slug>": booking_fields(start="2026-12-03T13:00:00Z"),
    "booking/<uuid:uid>/reschedule/": {"start": "2026-12-03T13:00:00Z", "tz": "Europe/Berlin"},
    "bookings/<uuid:uid>/reschedule/": {"start": "2026-12-03T13:00:00Z", "tz": "Europe/Berlin"},
    "accounts/login/": {"login": "ada", "password": PASSWORD},
    "admin/login/": {"username": "root", "password": PASSWORD},
    "accounts/signup/": {
        "email": "new@example.com",
        "username": "newcomer",
        "password1": "quite another battery",
        "name": "New",
        "time_zone": "Europe/Berlin",
    },
}

pytestmark = pytest.mark.usefixtures("_quiet")


@pytest.fixture
def new_client(settings: Settings) -> Callable[[], Client]:
    """Return what makes a client that asks for tokens as browsers are asked, on the real site."""
    become_a_real_site(settings)
    settings.ACCOUNT_RATE_LIMITS = False
    return lambda: Client(enforce_csrf_checks=True, raise_request_exception=False, headers={"host": HOST})


def post(scene: Scene, person: str, route: str, token: str, headers: dict[str, str]) -> Any:
    """Return the answer to the form with the token; the cookie has the right one."""
    client = scene.clients[person]
    client.cookies["csrftoken"] = TOKEN
    fields = FIELDS.get(route, {}) | ({"csrfmiddlewaretoken": token} if token else {})
    address = scene.address(route, knows_secrets=person != "visitor")
    return client.post(address, fields, headers=headers, secure=True)


def post_and_undo(scene: Scene, person: str, route: str) -> tuple[int, bool]:
    """Return how a form of our own is answered, and whether it stores anything."""
    cookies, before = copy.copy(scene.clients[person].cookies), digest_of_all(leaving_out=())
    with transaction.atomic():
        status = post(scene, person, route, TOKEN, OURS).status_code
        has_stored = digest_of_all(leaving_out=()) != before
        transaction.set_rollback(True)
    scene.clients[person].cookies = cookies
    return status, has_stored


@pytest.mark.rule("S11")
@pytest.mark.trust
def test_forged_forms_are_refused_and_store_nothing(scene: Scene, figure: Callable[[str], None]) -> None:
    tries = [(person, route, name) for person in PERSONS for route in every_route() for name in FORGERIES]
    tries = tries[:: 1 if FRACTION == 1 else 37]
    before = digest_of_all(leaving_out=())

    statuses = {each: post(scene, *each[:2], *FORGERIES[each[2]]).status_code for each in tries}

    # Not even a session: it is refused before anything is looked at.
    assert digest_of_all(leaving_out=()) == before
    assert {each: status for each, status in statuses.items() if status != 403} == {}
    figure(
        f"{len(every_route())} routes × {len(PERSONS)} kinds of person × {len(FORGERIES)} forgeries: {len(tries):,} "
        "posts, 0 accepted, nothing stored."
    )


@pytest.mark.rule("S11")
@pytest.mark.trust
def test_the_same_forms_of_our_own_are_taken(scene: Scene, figure: Callable[[str], None]) -> None:
    """The control: what refuses the forged ones is their token or their origin."""
    tries = [(person, route) for person in PERSONS for route in every_route()]
    tries = tries if FRACTION == 1 else [each for each in tries if each[0] == "ada"][::3]

    answers = {each: post_and_undo(scene, *each) for each in tries}

    storing = {route for (_person, route), (_status, has_stored) in answers.items() if has_stored}
    refused = {route for (_person, route), (status, _) in answers.items() if status == 403}
    assert {route for route in refused if not route.startswith("admin/")} == set()
    assert len(storing) > (30 if FRACTION == 1 else 4)
    figure(f"The control: with the token, from our own pages, {len(storing)} of these routes store something.")


@pytest.mark.rule("S11")
def test_no_route_is_exempt() -> None:
    exempt = [route for route, pattern in every_pattern() if getattr(pattern.callback, "csrf_exempt", False)]

    assert exempt == []
