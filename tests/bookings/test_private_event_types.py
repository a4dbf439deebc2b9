"""Private event types: bookable through their private links only, by no other route, which tell nothing of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingStatus, Party
from bookings.services.booking import EventTypeUnavailableError, Invitee, LinkUnavailableError, book
from eventtypes.models import EventType, Host, Visibility
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START, booking_fields
from tests.bookings.queries import count_queries
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory
from tests.routes import every_pattern

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.rule("S2")]

# Every public route, by its pattern, and the addresses by which somebody without a link would look for the private
# event type. A new route needs a row.
ROUTES = {
    "healthz": ["/healthz"],
    "readyz": ["/readyz"],
    "": ["/"],
    "d/<str:link_hash>/<str:slug>": [
        "/d/{of_another_type}/discovery-call",
        "/d/{of_another_type}/first-call",
        "/d/{of_another_host}/discovery-call",
        "/d/{expired}/discovery-call",
        "/d/{paused}/first-call",
        "/d/{used_up}/discovery-call?date=2026-12-03",
        "/d/111111111111111111111A/discovery-call",
    ],
    r"^d(?:/|\Z)": ["/d/", "/d/discovery-call", "/d/{of_another_type}/discovery-call/", "/d/{of_another_type}/"],
    "booking/<uuid:uid>/": ["/booking/{booking}/", "/booking/{cancelled}/", "/booking/{of_another_link}/"],
    # Who has the booking may choose another time for it; neither the link nor the public URL is told.
    "booking/<uuid:uid>/reschedule/": ["/booking/{booking}/reschedule/", "/booking/{cancelled}/reschedule/"],
    "booking/<uuid:uid>/cancel/": ["/booking/{booking}/cancel/", "/booking/{cancelled}/cancel/"],
    "booking/<uuid:uid>/event.ics": ["/booking/{booking}/event.ics", "/booking/{cancelled}/event.ics"],
    # A feed is its host's own secret; no hash but its own leads to it.
    "calendar/<str:feed_hash>.ics": ["/calendar/{of_another_type}.ics", "/calendar/111111111111111111111A.ics"],
    r"^calendar(?:/|\Z)": ["/calendar", "/calendar/", "/calendar/ada", "/calendar/{of_another_type}"],
    "<slug:username>/": ["/ada/", "/ADA/", "/ada/?month=2026-12"],
    "<slug:username>/<slug:slug>/": [
        "/ada/discovery-call/",
        "/ada/discovery-call/?month=2026-12&date=2026-12-03",
        "/ada/discovery-call/?start=2026-12-03T09:00:00Z",
        "/ADA/discovery-call/",
        "/ada/first-call/",
        "/ada/first-call/?start=2026-12-03T09:00:00Z",
        "/grace/discovery-call/",
    ],
}
# Their routes are the libraries'; none of them shows event types to visitors.
LIBRARIES = ("admin/", "accounts/")
METHODS = ["get", "head", "post"]
EVERY_ADDRESS = [(route, template) for route, templates in ROUTES.items() for template in templates]
OF_THE_PUBLIC_URL = ROUTES["<slug:username>/<slug:slug>/"][:-1]


@dataclass(frozen=True, slots=True)
class Scene:
    """A private event type that could be booked in two days, with its only live link, and what stands around it."""

    event_type: EventType
    link: PrivateLink
    names: dict[str, Any]

    def address(self, template: str) -> str:
        return template.format(**self.names)


@pytest.fixture
def scene(event_type: EventType) -> Scene:
    """Ada's private discovery call, once "first-call"; her public dinner, which had its slug before; her lunch; Grace.

    Two bookings came through the live link, one of which is cancelled, and one through a link that is used up.
    """
    lunch = EventTypeFactory(host=event_type.host, title="Lunch", slug="lunch")
    EventTypeFactory(host=event_type.host, title="Dinner", slug="dinner", former_slugs=["discovery-call"])
    EventType.objects.filter(pk=event_type.pk).update(visibility=Visibility.PRIVATE, former_slugs=["first-call"])
    of_another_host = EventTypeFactory(host__username="grace", title="Talk", slug="talk")
    link = PrivateLinkFactory(event_type=event_type, name="Autumn letter", max_uses=9, usage_count=1)
    ended: dict[str, dict[str, Any]] = {
        "expired": {"expires_at": NOW},
        "paused": {"is_paused": True},
        "used_up": {"max_uses": 1, "usage_count": 1},
    }
    links = {name: PrivateLinkFactory(event_type=event_type, **values) for name, values in ended.items()}
    links["of_another_type"] = PrivateLinkFactory(event_type=lunch, max_uses=9)
    links["of_another_host"] = PrivateLinkFactory(event_type=of_another_host, max_uses=9)
    bookings = {
        "booking": booked_through(link, START + timedelta(days=4)),
        "cancelled": booked_through(
            link,
            START + timedelta(days=5),
            holds_use=False,
            status=BookingStatus.CANCELLED,
            cancelled_at=NOW,
            cancelled_by=Party.HOST,
        ),
        "of_another_link": booked_through(links["used_up"], START + timedelta(days=6)),
    }
    hashes = {name: each.hash for name, each in links.items()}
    uids = {name: booking.uid for name, booking in bookings.items()}
    return Scene(EventType.objects.get(pk=event_type.pk), link, hashes | uids)


def booked_through(link: PrivateLink, starts_at: Any, **changes: Any) -> Booking:
    values = {"private_link": link, "private_link_name": link.name, "holds_use": True, "starts_at": starts_at}
    booking: Booking = BookingFactory(event_type=link.event_type, **values | changes)
    return booking


def public_routes() -> Iterator[str]:
    """Return the pattern of every route of ours that asks for no log-in."""
    for route, pattern in every_pattern():
        if not getattr(pattern.callback, "login_required", True) and not route.startswith(LIBRARIES):
            yield route


def shown_of(scene: Scene, answer: Any, route: str) -> list[str]:
    """Return what an answer shows of the event type that only who has its link, or a booking, may see."""
    text = f"{answer.text}\n{answer.headers}"
    secrets = [scene.link.hash, scene.link.name, "/ada/discovery-call/", "/ada/first-call/"]
    if not route.startswith("booking/"):
        secrets.append("Discovery call")
    if not route.endswith("reschedule/"):
        secrets.append("start=2026-12-03T09")
    return [secret for secret in secrets if secret in text]


def stored_state() -> tuple[int, list[tuple[int, int]]]:
    """Return how many bookings there are, and the uses that each link has spent."""
    return Booking.objects.count(), list(PrivateLink.objects.order_by("pk").values_list("pk", "usage_count"))


# --- Every route ---------------------------------------------------------------------------------------------------


def test_every_public_route_has_its_row() -> None:
    assert sorted(public_routes()) == sorted(ROUTES)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("route", "template"), EVERY_ADDRESS)
def test_no_route_shows_a_private_event_type_or_books_it(
    client: Client, scene: Scene, route: str, template: str, method: str
) -> None:
    before = stored_state()

    answer = getattr(client, method)(scene.address(template), booking_fields() if method == "post" else None)

    assert answer.status_code != 500
    assert shown_of(scene, answer, route) == []
    assert "/booking/" not in answer.headers.get("Location", "") or route.startswith("booking/")
    assert stored_state() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "template",
    [template for _route, template in EVERY_ADDRESS if "discovery-call" in template or "first-call" in template],
)
def test_every_address_of_a_private_event_type_is_not_found(
    client: Client, scene: Scene, template: str, method: str
) -> None:
    answer = getattr(client, method)(scene.address(template), booking_fields() if method == "post" else None)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        (Visibility.PUBLIC, ["/booking/{cancelled}/", "/ada/", "/ada/?month=2026-12", *OF_THE_PUBLIC_URL]),
        (Visibility.UNLISTED, ["/booking/{cancelled}/", *OF_THE_PUBLIC_URL]),
        (Visibility.PRIVATE, []),
    ],
)
def test_same_addresses_show_an_event_type_that_is_not_private(
    client: Client, scene: Scene, visibility: Visibility, expected: list[str]
) -> None:
    """The control: what the table looks for is found as soon as the event type is open."""
    EventType.objects.filter(pk=scene.event_type.pk).update(visibility=visibility)

    found = [
        template for route, template in EVERY_ADDRESS if shown_of(scene, client.get(scene.address(template)), route)
    ]

    assert found == expected


@pytest.mark.parametrize("slug", ["discovery-call", "first-call"])
def test_the_live_link_shows_times_and_books(client: Client, scene: Scene, slug: str) -> None:
    """The other control: everything else was in order, only the link was missing."""
    address = f"/d/{scene.link.hash}/{slug}"

    page = client.get(address, {"date": "2026-12-03"}, follow=True)
    answer = client.post(address, booking_fields())

    booking = Booking.objects.latest("pk")
    assert "start=2026-12-03T09:00:00Z" in page.text
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/booking/{booking.uid}/")
    assert (booking.event_type, booking.private_link) == (scene.event_type, scene.link)


# --- As if there were none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [*METHODS, "options", "put"])
@pytest.mark.parametrize("slug", ["discovery-call", "first-call"])
def test_private_event_type_answers_like_an_unknown_slug(client: Client, scene: Scene, slug: str, method: str) -> None:
    fields = booking_fields() if method == "post" else None

    def ask(address: str) -> Callable[[], Any]:
        return lambda: getattr(client, method)(address, fields)

    assert answer_of(ask(f"/ada/{slug}/")) == answer_of(ask("/ada/unknown/"))


def answer_of(send: Callable[[], Any]) -> tuple[int, bytes, dict[str, str], int]:
    """Return the status, the body, the headers and the number of queries of an answer."""
    with CaptureQueriesContext(connection) as queries:
        answer = send()
    return answer.status_code, answer.content, dict(answer.headers), count_queries(queries)


def test_slug_that_a_private_event_type_has_is_unknown_also_if_another_had_it(client: Client, scene: Scene) -> None:
    while_it_has_it = client.get("/ada/discovery-call/")
    EventType.objects.filter(pk=scene.event_type.pk).update(slug="another")
    afterwards = client.get("/ada/discovery-call/")

    assert (while_it_has_it.status_code, afterwards.headers["Location"]) == (404, "/ada/dinner/")


def test_form_sent_again_after_the_type_was_made_private_leads_to_its_booking(
    client: Client, event_type: EventType
) -> None:
    fields = booking_fields()
    first = client.post("/ada/discovery-call/", fields)
    EventType.objects.update(visibility=Visibility.PRIVATE)

    second = client.post("/ada/discovery-call/", fields)

    assert second.headers["Location"] == first.headers["Location"]
    assert Booking.objects.count() == 1


def test_page_open_while_the_type_is_made_private_books_nothing(client: Client, event_type: EventType) -> None:
    opened = client.get("/ada/discovery-call/?start=2026-12-03T09:00:00Z")
    EventType.objects.update(visibility=Visibility.PRIVATE)

    answer = client.post("/ada/discovery-call/", booking_fields())

    assert (opened.status_code, answer.status_code, Booking.objects.count()) == (200, 404, 0)


def test_service_books_it_neither_without_a_link_nor_with_a_dead_one(scene: Scene) -> None:
    values: dict[str, Any] = {"event_type": scene.event_type, "starts_at": START}
    values["invitee"] = Invitee("Iris", "iris@example.com", scene.event_type.schedule.time_zone)
    expired = PrivateLink.objects.with_event_type().get(hash=scene.names["expired"])
    before = stored_state()

    with pytest.raises(EventTypeUnavailableError):
        book(**values, request_key=scene.names["booking"])
    with pytest.raises(LinkUnavailableError):
        book(**values, request_key=scene.names["booking"], private_link=expired)

    assert stored_state() == before


def test_link_books_its_own_event_type_whatever_is_asked_for(client: Client, scene: Scene) -> None:
    """A form cannot say which event type it means: only the address does."""
    fields = booking_fields(event_type=str(scene.event_type.pk), slug="discovery-call", link=scene.link.hash)

    client.post(f"/d/{scene.names['of_another_type']}/lunch", fields)

    booking = Booking.objects.latest("pk")
    assert (booking.title, booking.private_link) != ("Discovery call", scene.link)
    assert booking.title == "Lunch"


# --- What remains of a booking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visibility", "is_offered"), [(Visibility.PUBLIC, True), (Visibility.UNLISTED, True), (Visibility.PRIVATE, False)]
)
def test_booking_again_is_offered_only_where_no_link_is_needed(
    client: Client, scene: Scene, visibility: Visibility, is_offered: bool
) -> None:
    EventType.objects.filter(pk=scene.event_type.pk).update(visibility=visibility)

    page = client.get(f"/booking/{scene.names['cancelled']}/").text

    assert ("Book again" in page, "/ada/discovery-call/" in page) == (is_offered, is_offered)


# --- The host is told ----------------------------------------------------------------------------------------------


def test_private_event_type_is_marked_as_soon_as_its_last_link_is_over(
    host: Host, host_client: Client, client: Client, link: PrivateLink
) -> None:
    EventType.objects.update(visibility=Visibility.PRIVATE)
    before = marks(host_client, link)

    Client().post(link.get_absolute_url(), booking_fields())
    used_up = marks(host_client, link)
    PrivateLink.objects.update(max_uses=2)
    raised = marks(host_client, link)

    assert (before, used_up, raised) == ([False, False], [True, True], [False, False])


def marks(host_client: Client, link: PrivateLink) -> list[bool]:
    """Return whether the list and the tab say that nobody can book the event type."""
    pages = ["/event-types/", f"/event-types/{link.event_type_id}/advanced/"]
    return ["Nobody can book this" in host_client.get(page).text for page in pages]
