"""Every route of the site for every kind of person: a visitor, an invitee, its host, another host, the staff."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from tests.scale import FRACTION
from tests.security.addresses import ADMIN_MODELS, ADMIN_PAGES, every_address, every_route
from tests.security.conftest import PERSONS, Scene

LOG_IN = ("/accounts/login/", "/admin/login/")


def everybody(status: str) -> str:
    return " ".join([status] * 5)


def hosts(status: str) -> str:
    """Return the cells of a page that each host has; others are asked to log in."""
    return f"log log {status} {status} {status}"


def host_a(status: str) -> str:
    """Return the cells of what only its host has: for other hosts and for the staff it does not exist."""
    return f"log log {status} 404 404"


def who_has_the_secret(status: str) -> str:
    return f"404 {status} {status} {status} {status}"


def staff(status: str) -> str:
    return f"log log log log {status}"


# For GET and for POST (of nothing but the token): visitor, invitee, host A, host B, staff. "log" leads to the log-in.
TABLE = {
    "healthz": (everybody("200"), everybody("405")),
    "readyz": (everybody("200"), everybody("405")),
    "": ("200 200 302 302 302", everybody("405")),
    "help/private-links/": (hosts("200"), hosts("405")),
    "accounts/login/": ("200 200 302 302 302", "200 200 302 302 302"),
    "accounts/logout/": (hosts("200"), everybody("log")),
    "accounts/inactive/": (everybody("200"), everybody("405")),
    "accounts/signup/": ("200 200 302 302 302", "200 200 302 302 302"),
    "accounts/reauthenticate/": (hosts("200"), hosts("200")),
    "accounts/email/": (hosts("200"), hosts("302")),
    "accounts/confirm-email/": (everybody("200"), everybody("405")),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": (everybody("200"), everybody("404")),
    "accounts/password/change/": (hosts("200"), hosts("200")),
    "accounts/password/set/": (hosts("302"), hosts("302")),
    "accounts/password/reset/": (everybody("200"), everybody("200")),
    "accounts/password/reset/done/": (everybody("200"), everybody("405")),
    "accounts/password/reset/key/done/": (everybody("200"), everybody("405")),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (everybody("200"), everybody("200")),
    "accounts/login/code/confirm/": (hosts("302"), hosts("302")),
    "accounts/2fa/": (hosts("200"), hosts("405")),
    "accounts/2fa/authenticate/": (hosts("302"), hosts("302")),
    "accounts/2fa/reauthenticate/": ("log log 200 302 302", "log log 200 302 302"),
    "accounts/2fa/totp/activate/": (hosts("302"), hosts("302")),
    "accounts/2fa/totp/deactivate/": (hosts("404"), hosts("404")),
    "accounts/2fa/recovery-codes/": (host_a("302"), hosts("405")),
    "accounts/2fa/recovery-codes/generate/": (hosts("302"), hosts("302")),
    "accounts/2fa/recovery-codes/download/": (host_a("302"), host_a("302")),
    "event-types/": (hosts("200"), hosts("405")),
    "event-types/new/": (hosts("200"), hosts("422")),
    "event-types/<int:pk>/setup/": (host_a("200"), host_a("422")),
    "event-types/<int:pk>/availability/": (host_a("200"), host_a("422")),
    "event-types/<int:pk>/limits/": (host_a("200"), host_a("422")),
    "event-types/<int:pk>/questions/": (host_a("200"), host_a("409")),
    "event-types/<int:pk>/advanced/": (host_a("200"), host_a("422")),
    "event-types/<int:pk>/advanced/preview/": (hosts("405"), host_a("200")),
    "event-types/<int:pk>/advanced/several/": (host_a("200"), host_a("422")),
    "event-types/<int:pk>/preview/": (host_a("200"), hosts("405")),
    "event-types/<int:pk>/duplicate/": (hosts("405"), host_a("302")),
    "event-types/<int:pk>/move/": (hosts("405"), host_a("400")),
    "event-types/<int:pk>/visibility/": (hosts("405"), host_a("400")),
    "event-types/<int:pk>/delete/": (host_a("200"), host_a("302")),
    "availability/": (hosts("200"), hosts("405")),
    "availability/new/": (hosts("200"), hosts("422")),
    "availability/<int:pk>/": (host_a("200"), host_a("422")),
    "availability/<int:pk>/delete/": (host_a("200"), host_a("409")),
    "availability/<int:pk>/default/": (hosts("405"), host_a("302")),
    "availability/<int:pk>/duplicate/": (hosts("405"), host_a("302")),
    "settings/profile/": (hosts("200"), hosts("422")),
    "settings/notifications/": (hosts("200"), hosts("302")),
    "settings/calendar-feed/": (hosts("200"), hosts("405")),
    "settings/calendar-feed/on/": (hosts("405"), hosts("302")),
    "settings/calendar-feed/new-url/": (hosts("200"), hosts("302")),
    "settings/calendar-feed/off/": (hosts("200"), hosts("302")),
    "settings/privacy/": (hosts("200"), hosts("422")),
    "settings/privacy/data.json": (hosts("200"), hosts("405")),
    "settings/privacy/invitee.json": (hosts("405"), hosts("422")),
    "settings/privacy/erase/": (hosts("405"), hosts("422")),
    "private-links/": (hosts("200"), hosts("405")),
    "private-links/links.csv": (hosts("200"), hosts("405")),
    "private-links/new/": (hosts("200"), hosts("405")),
    "private-links/bulk/": (hosts("405"), hosts("400")),
    "private-links/together/<uuid:batch>/": (host_a("200"), hosts("405")),
    "private-links/together/<uuid:batch>/links.csv": (host_a("200"), hosts("405")),
    "private-links/<int:pk>/": (host_a("200"), host_a("302")),
    "private-links/<int:pk>/pause/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/resume/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/duplicate/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/new-url/": (host_a("200"), host_a("302")),
    "private-links/<int:pk>/end/": (host_a("200"), host_a("302")),
    "private-links/<int:pk>/extend/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/one-more-use/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/remove-expiry/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/remove-limit-of-uses/": (hosts("405"), host_a("302")),
    "private-links/<int:pk>/send/": (host_a("200"), host_a("422")),
    "private-links/<int:pk>/delete/": (host_a("200"), host_a("302")),
    "private-links/<int:pk>/qr.svg": (host_a("200"), hosts("405")),
    "private-links/<int:pk>/qr.png": (host_a("200"), hosts("405")),
    "bookings/": (hosts("302"), hosts("405")),
    "bookings/<str:which>/": (hosts("200"), hosts("405")),
    "bookings/<str:which>/bookings.csv": (hosts("200"), hosts("405")),
    "bookings/<uuid:uid>/": (host_a("200"), hosts("405")),
    "bookings/<uuid:uid>/accept/": (host_a("302"), host_a("302")),
    "bookings/<uuid:uid>/decline/": (host_a("302"), host_a("302")),
    "bookings/<uuid:uid>/reschedule/": (host_a("200"), host_a("422")),
    "bookings/<uuid:uid>/cancel/": (host_a("200"), host_a("302")),
    "bookings/<uuid:uid>/mails/<int:failure_id>/dismiss/": (hosts("405"), host_a("302")),
    "bookings/<uuid:uid>/mails/<int:failure_id>/send-again/": (hosts("405"), host_a("302")),
    "bookings/<uuid:uid>/no-show/": (hosts("405"), host_a("302")),
    "bookings/<uuid:uid>/no-show/undo/": (hosts("405"), host_a("302")),
    "d/<str:link_hash>/<str:slug>": (who_has_the_secret("200"), who_has_the_secret("422")),
    r"^d(?:/|\Z)": (everybody("404"), everybody("404")),
    "booking/<uuid:uid>/": (who_has_the_secret("200"), everybody("405")),
    "booking/<uuid:uid>/reschedule/": (who_has_the_secret("200"), who_has_the_secret("422")),
    "booking/<uuid:uid>/cancel/": (who_has_the_secret("200"), who_has_the_secret("302")),
    "booking/<uuid:uid>/event.ics": (who_has_the_secret("200"), everybody("405")),
    "calendar/<str:feed_hash>.ics": (who_has_the_secret("200"), everybody("405")),
    r"^calendar(?:/|\Z)": (everybody("404"), everybody("405")),
    "<slug:username>/": (everybody("200"), everybody("405")),
    "<slug:username>/<slug:slug>/": (everybody("200"), everybody("422")),
    "admin/": (staff("200"), staff("200")),
    "admin/login/": ("log log 403 403 302", "log log 403 403 200"),
    "admin/logout/": ("log log 302 302 405", "log log 302 302 log"),
    "admin/password_change/": (staff("200"), staff("200")),
    "admin/password_change/done/": (staff("200"), staff("405")),
    "admin/autocomplete/": (staff("403"), staff("405")),
    "admin/jsi18n/": (staff("200"), staff("405")),
    "admin/r/<path:content_type_id>/<path:object_id>/": (staff("404"), staff("404")),
    "admin/eventtypes/host/<id>/password/": (staff("200"), staff("200")),
    "admin/<app_label>/": (staff("200"), staff("200")),
    "admin/(?P<url>.*)$": (staff("404"), staff("404")),
}
# The admin's pages of a model, and where a model's are not like that.
OF_ADMIN_MODELS = {
    "": (staff("200"), staff("200")),
    "add/": (staff("200"), staff("200")),
    "{pk}/": (staff("302"), staff("302")),
    "{pk}/change/": (staff("200"), staff("200")),
    "{pk}/history/": (staff("200"), staff("200")),
    "{pk}/delete/": (staff("200"), staff("200")),
}
FORBIDDEN, READ_ONLY = (staff("403"), staff("403")), (staff("200"), staff("403"))
EXCEPTIONS = {
    "bookings/booking": {"add/": FORBIDDEN, "{pk}/change/": READ_ONLY, "{pk}/delete/": FORBIDDEN},
    "bookings/calendarfeed": {"add/": FORBIDDEN, "{pk}/change/": READ_ONLY},
    "mfa/authenticator": {"add/": FORBIDDEN, "{pk}/change/": READ_ONLY},
    "procrastinate/procrastinatejob": {"add/": FORBIDDEN, "{pk}/change/": READ_ONLY, "{pk}/delete/": FORBIDDEN},
    # No field of a link has to be filled in.
    "privatelinks/privatelink": {"{pk}/change/": (staff("200"), staff("302"))},
}


# In `make test`, every fifth page of the admin's models is tried, and every second one of the other routes with POST.
STEP = 1 if FRACTION == 1 else 5
STEP_OF = {"get": 1, "post": 1 if FRACTION == 1 else 2}


def of_admin_models() -> dict[str, tuple[str, str]]:
    """Return the rows of the pages of the admin's models."""
    return {
        f"admin/{model}/{page}".replace("{pk}", "<path:object_id>"): (OF_ADMIN_MODELS | EXCEPTIONS.get(model, {}))[page]
        for model in ADMIN_MODELS
        for page in ADMIN_PAGES
    }


def whole_table() -> dict[str, tuple[str, str]]:
    """Return the row of each route."""
    return TABLE | of_admin_models()


def ask(scene: Scene, person: str, method: str, route: str) -> Any:
    """Return the answer to the person, and undo what the request has done, to the person's cookies too."""
    client = scene.clients[person]
    cookies = copy.copy(client.cookies)
    with transaction.atomic():
        answer = getattr(client, method)(scene.address(route, knows_secrets=person != "visitor"))
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def cell_of(answer: Any) -> str:
    leads_to = answer.headers.get("Location", "")
    return "log" if answer.status_code == 302 and leads_to.startswith(LOG_IN) else str(answer.status_code)


# --- The table -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("S7")
def test_every_route_has_its_row_and_its_address() -> None:
    routes = sorted(every_route())

    assert sorted(every_address()) == routes
    assert sorted(whole_table()) == routes


@pytest.mark.rule("S7")
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_route_answers_each_person_as_the_table_says(
    scene: Scene, method: str, figure: Callable[[str], None]
) -> None:
    tried = [*list(TABLE)[:: STEP_OF[method]], *list(of_admin_models())[::STEP]]
    expected = {route: row[method == "post"] for route, row in whole_table().items() if route in tried}

    found = {route: " ".join(cell_of(ask(scene, person, method, route)) for person in PERSONS) for route in expected}

    assert found == expected
    figure(f"{method.upper()}: {len(expected)} routes × {len(PERSONS)} kinds of person, every cell as expected.")
