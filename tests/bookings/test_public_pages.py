"""A host's public page and the public booking pages: what they show, and what stays hidden."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from eventtypes.models import EventType, Host, Visibility
from tests.bookings.booking_forms import booking_fields
from tests.bookings.queries import count_queries
from tests.factories import EventTypeFactory, HostFactory

pytestmark = pytest.mark.usefixtures("clock")


def titles_in(text: str) -> list[str]:
    return [part.partition("</h2>")[0] for part in text.split('<h2 class="choice-title" dir="auto">')[1:]]


def rename(event_type: EventType, slug: str) -> None:
    event_type.take_slug(slug)
    event_type.save()


def test_public_page_lists_public_event_types_only(client: Client, host: Host) -> None:
    for position, visibility in enumerate(Visibility):
        EventTypeFactory(host=host, title=visibility.label, visibility=visibility, position=position)
    EventTypeFactory(title="Somebody else's")

    page = client.get("/ada/").text

    assert titles_in(page) == ["Public"]
    assert "Unlisted" not in page
    assert "Private" not in page


def test_public_page_lists_in_the_hosts_order(client: Client, host: Host) -> None:
    for position in (2, 0, 1):
        EventTypeFactory(host=host, title=f"Number {position}", position=position)

    assert titles_in(client.get("/ada/").text) == ["Number 0", "Number 1", "Number 2"]


def test_public_page_says_what_is_offered(client: Client, host: Host) -> None:
    host.welcome = "Hello <b>"
    host.save()
    EventTypeFactory(host=host, slug="lunch", duration_minutes=90, location="Café <i>")

    page = client.get("/ada/").text

    assert "<h1" in page
    assert "Ada Host" in page
    assert "Hello &lt;b&gt;" in page
    assert 'href="/ada/lunch/"' in page
    assert "1 hour 30 minutes" in page
    assert "Café &lt;i&gt;" in page


def test_public_page_without_event_types_says_so(client: Client, host: Host) -> None:
    page = client.get("/ada/").text

    assert "Ada Host shows no event types on this page." in page


@pytest.mark.parametrize("number", [1, 3])
def test_public_page_takes_two_queries(client: Client, host: Host, number: int) -> None:
    EventTypeFactory.create_batch(number, host=host)

    with CaptureQueriesContext(connection) as queries:
        client.get("/ada/")

    assert count_queries(queries) == 2


@pytest.mark.parametrize("path", ["/nobody/", "/nobody/discovery-call/", "/ada/unknown/", "/ada/a%00b/", "/a%00b/"])
def test_unknown_addresses_are_the_404_page(client: Client, event_type: EventType, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in answer.text


@pytest.mark.parametrize("path", ["/ada/", "/ada/discovery-call/"])
def test_inactive_host_has_no_pages(client: Client, event_type: EventType, path: str) -> None:
    event_type.host.is_active = False
    event_type.host.save()

    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "location"),
    [("/Ada/", "/ada/"), ("/ADA/discovery-call/?month=2026-12", "/ada/discovery-call/?month=2026-12")],
)
def test_capitals_in_the_username_lead_to_the_page(
    client: Client, event_type: EventType, path: str, location: str
) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (302, location)


@pytest.mark.parametrize(("visibility", "status"), [("public", 200), ("unlisted", 200), ("private", 404)])
def test_event_type_is_open_by_its_visibility(
    client: Client, event_type: EventType, visibility: str, status: int
) -> None:
    event_type.visibility = visibility
    event_type.save()

    assert client.get("/ada/discovery-call/").status_code == status


def test_former_slug_leads_to_the_present_one(client: Client, event_type: EventType) -> None:
    rename(event_type, "first-call")

    answer = client.get("/ada/discovery-call/?month=2026-12&tz=Europe/Berlin")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/ada/first-call/?month=2026-12&tz=Europe/Berlin"


def test_former_slug_books(client: Client, event_type: EventType) -> None:
    rename(event_type, "first-call")

    client.post("/ada/discovery-call/", booking_fields())

    assert Booking.objects.count() == 1


def test_current_slug_beats_a_former_one(client: Client, event_type: EventType) -> None:
    rename(event_type, "first-call")
    EventTypeFactory(host=event_type.host, slug="discovery-call", title="The new one")

    answer = client.get("/ada/discovery-call/")

    assert answer.status_code == 200
    assert "The new one" in answer.text


def test_slug_taken_back_leads_nowhere_else(client: Client, event_type: EventType) -> None:
    rename(event_type, "first-call")
    rename(event_type, "discovery-call")

    assert client.get("/ada/discovery-call/").status_code == 200
    assert client.get("/ada/first-call/").headers["Location"] == "/ada/discovery-call/"


def test_hosts_do_not_share_slugs(client: Client, event_type: EventType) -> None:
    HostFactory(username="grace")

    assert client.get("/grace/discovery-call/").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["/ada/", "/ada/discovery-call/"])
def test_other_methods_are_refused(client: Client, event_type: EventType, method: str, path: str) -> None:
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(client: Client, event_type: EventType, method: str) -> None:
    before = EventType.objects.values().get()

    for path in ("/ada/", "/ada/discovery-call/", "/ada/discovery-call/?start=2026-12-03T09:00:00Z"):
        getattr(client, method)(path)

    assert EventType.objects.values().get() == before
    assert Booking.objects.count() == 0
