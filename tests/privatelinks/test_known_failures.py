"""How private links are known to fail elsewhere, each as a test that it does not happen here: through the pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, booking_fields
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.privatelinks.forms_of_a_page import fields_of

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
# Ends of days in Honolulu.
END_OF_YESTERDAY, END_OF_TOMORROW = datetime(2026, 11, 30, 10, tzinfo=UTC), datetime(2026, 12, 3, 10, tzinfo=UTC)

# What tells each tab's form from the others on its page.
TABS = {"setup": "title", "availability": "schedule", "limits": "booking_window_kind", "advanced": "visibility"}


@pytest.fixture(autouse=True)
def _clocks(database_clock: DatabaseClock) -> Iterator[None]:
    """Stop both clocks: Python's fills in the pages, the database's decides."""
    database_clock.set(NOW)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event_type(host: Host) -> EventType:
    """An event type that is open for every day from 9 to 17 in Honolulu, while its host is in Berlin."""
    schedule = ScheduleFactory.create(host=host, time_zone="Pacific/Honolulu")
    event_type: EventType = EventTypeFactory.create(host=host, schedule=schedule, title="Call", slug="call")
    return event_type


def link_to(event_type: EventType, **values: Any) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, **values)
    return link


def save(host_client: Client, event_type: EventType, tab: str = "advanced", **typed: str) -> Any:
    """Open a tab, type, and save it; `first_name` is the name of the first link in the Advanced tab."""
    address = f"/event-types/{event_type.pk}/{tab}/"
    fields = fields_of(host_client.get(address).text, having=TABS[tab])
    named = {name.replace("first_", "links-0-"): text for name, text in typed.items()}
    return host_client.post(address, fields | named)


def book(link: PrivateLink, hour: int = 20, day: int = 3) -> int:
    """Book through the link at the hour (UTC) of the day in December, and return the status of the answer."""
    fields = booking_fields(start=f"2026-12-{day:02}T{hour:02}:00:00Z")
    return Client().post(link.get_absolute_url(), fields).status_code


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


def all_links() -> list[Any]:
    return list(PrivateLink.objects.order_by("pk").values())


def errors_of(answer: Any) -> dict[str, list[str]]:
    """Return the messages beside the fields of the first link."""
    return dict(answer.context["form"].links.forms[0].errors)


# --- Links that get lost -------------------------------------------------------------------------------------------


@pytest.fixture
def links(event_type: EventType) -> list[PrivateLink]:
    """One link in each state, with every setting that a page could lose."""
    return [
        link_to(event_type, name="Active", max_uses=None, returns_uses=True),
        link_to(event_type, name="Scheduled", opens_at=NOW + DAY, expires_at=NOW + 9 * DAY),
        link_to(event_type, name="Paused", is_paused=True, max_uses=7, usage_count=2),
        link_to(event_type, name="Used up", max_uses=3, usage_count=3),
        link_to(event_type, name="Expired", expires_at=NOW - DAY),
    ]


@pytest.mark.parametrize("tab", TABS)
def test_saving_another_tab_keeps_all_links(
    host_client: Client, event_type: EventType, links: list[PrivateLink], tab: str
) -> None:
    before = all_links()
    changes = {"setup": {"title": "Renamed"}, "limits": {"buffer_before_minutes": "15"}, "advanced": {}}

    answer = save(host_client, event_type, tab, **changes.get(tab, {}))

    assert (answer.status_code, all_links()) == (302, before)
    assert Client().get(links[0].get_absolute_url()).status_code == 200


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
@pytest.mark.parametrize("place", ["tab", "menu of the list"])
def test_hiding_the_event_type_keeps_all_links(
    host_client: Client, event_type: EventType, links: list[PrivateLink], visibility: str, place: str
) -> None:
    before = all_links()

    if place == "tab":
        save(host_client, event_type, visibility=visibility)
    else:
        host_client.post(f"/event-types/{event_type.pk}/visibility/", {"visibility": visibility})

    assert (EventType.objects.get().visibility, all_links()) == (visibility, before)
    assert book(links[0]) == 302


def test_switching_private_links_off_and_on_keeps_all_links(
    host_client: Client, event_type: EventType, links: list[PrivateLink]
) -> None:
    before = all_links()
    address = f"/event-types/{event_type.pk}/advanced/"
    fields = fields_of(host_client.get(address).text, having="visibility")
    del fields["private_links_enabled"]

    host_client.post(address, fields)
    while_off = Client().get(links[0].get_absolute_url()).status_code
    save(host_client, event_type, private_links_enabled="on")

    assert (while_off, all_links()) == (404, before)
    assert book(links[0]) == 302


def test_changing_one_link_keeps_the_others(
    host_client: Client, event_type: EventType, links: list[PrivateLink]
) -> None:
    before = all_links()

    save(host_client, event_type, first_name="Renamed")

    assert all_links() == [before[0] | {"name": "Renamed"}, *before[1:]]


# --- Links that open the wrong door ---------------------------------------------------------------------------------


def test_link_for_one_event_type_books_no_other(event_type: EventType) -> None:
    link = link_to(event_type)
    other = EventTypeFactory.create(host=event_type.host, schedule=event_type.schedule, slug="review")
    fields = booking_fields(start="2026-12-03T20:00:00Z", event_type=str(other.pk), slug="review")

    at_the_others_slug = Client().post(f"/d/{link.hash}/review", fields)
    at_its_own = Client().post(f"/d/{link.hash}/call", fields)

    assert (at_the_others_slug.status_code, at_its_own.status_code) == (404, 302)
    assert Booking.objects.get().event_type == event_type


def test_duplicate_of_an_event_type_copies_no_hash(
    host_client: Client, event_type: EventType, links: list[PrivateLink]
) -> None:
    before = all_links()

    answer = host_client.post(f"/event-types/{event_type.pk}/duplicate/")

    copy = EventType.objects.latest("pk")
    assert answer.headers["Location"] == f"/event-types/{copy.pk}/setup/"
    assert (copy.private_links.count(), all_links()) == (0, before)
    assert [link.hash for link in links if link.hash in host_client.get(f"/event-types/{copy.pk}/advanced/").text] == []
    assert Client().get(f"/d/{links[0].hash}/{copy.slug}").status_code == 404


def test_copying_before_saving_is_impossible(host_client: Client, event_type: EventType) -> None:
    address = f"/event-types/{event_type.pk}/advanced/"
    fields = fields_of(host_client.get(address).text, having="visibility")

    unsaved = host_client.post(address, fields | {"add_link": ""}).text
    host_client.post(address, fields_of(unsaved, having="visibility"))
    saved = host_client.get(address).text

    link = event_type.private_links.get()
    signs = ["Copy link", "url-field", f"/d/{link.hash}/call"]
    assert [sign for sign in [*signs, "/d/"] if sign in unsaved] == []
    assert [sign for sign in signs if sign not in saved] == []


# --- Limits that are not kept ---------------------------------------------------------------------------------------


def test_both_limits_count_and_the_uses_may_be_first(event_type: EventType) -> None:
    link = link_to(event_type, max_uses=2, expires_at=NOW + DAY)

    answers = [book(link, hour) for hour in (20, 21, 22)]

    assert (answers, stored(link).usage_count) == ([302, 302, 404], 2)


def test_both_limits_count_and_the_date_may_be_first(event_type: EventType, database_clock: DatabaseClock) -> None:
    link = link_to(event_type, max_uses=2, expires_at=NOW + DAY)

    before = book(link, 20)
    database_clock.set(NOW + DAY)
    after = book(link, 21)

    assert (before, after, stored(link).usage_count) == (302, 404, 1)


def test_setting_one_limit_keeps_the_other(host_client: Client, event_type: EventType) -> None:
    link = link_to(event_type, max_uses=2, expires_at=END_OF_TOMORROW)

    save(host_client, event_type, first_max_uses="5")
    with_more_uses = (stored(link).max_uses, stored(link).expires_at)
    save(host_client, event_type, first_expires_on="2026-12-24")

    assert with_more_uses == (5, END_OF_TOMORROW)
    assert (stored(link).max_uses, stored(link).expires_at) == (5, datetime(2026, 12, 25, 10, tzinfo=UTC))


def test_looking_at_a_link_spends_no_use(event_type: EventType) -> None:
    link = link_to(event_type, max_uses=1)
    visitor = Client()

    for query in ("", "?date=2026-12-03", "?start=2026-12-03T20:00:00Z"):
        visitor.head(f"{link.get_absolute_url()}{query}")
        visitor.get(f"{link.get_absolute_url()}{query}")
    visitor.post(link.get_absolute_url(), booking_fields(start="2026-12-03T20:00:00Z", email="x"))

    assert (stored(link).usage_count, book(link)) == (0, 302)


def test_expiry_date_means_the_end_of_that_day_in_the_schedules_zone(
    host_client: Client, event_type: EventType, database_clock: DatabaseClock
) -> None:
    """The host is in Berlin and the server's zone is UTC: neither has to do with it."""
    link = link_to(event_type, max_uses=None)
    end = datetime(2026, 12, 6, 10, tzinfo=UTC)

    save(host_client, event_type, first_expires_on="2026-12-05")
    database_clock.set(end - SECOND)
    at_the_last_moment = book(link, 20, day=7)
    database_clock.set(end)
    at_the_end = book(link, 21, day=7)

    assert (at_the_last_moment, at_the_end, stored(link).expires_at) == (302, 404, end)
    assert "until the end of 5 Dec 2026 (Pacific/Honolulu)" in host_client.get("/private-links/").text


def test_lowering_the_limit_below_the_uses_is_refused(host_client: Client, event_type: EventType) -> None:
    link = link_to(event_type, max_uses=3)
    assert [book(link, hour) for hour in (20, 21)] == [302, 302]

    refused = save(host_client, event_type, first_max_uses="1", first_name="Renamed")
    after_refusal = stored(link)
    lowered = save(host_client, event_type, first_max_uses="2")

    assert (refused.status_code, lowered.status_code) == (422, 302)
    assert errors_of(refused) == {"max_uses": ["The link has been used 2 times already. Allow at least as many."]}
    assert (after_refusal.max_uses, after_refusal.name) == (3, link.name)
    assert (stored(link).max_uses, book(link, 22)) == (2, 404)


@pytest.mark.parametrize("place", ["tab", "page of the link"])
@pytest.mark.parametrize(("limit", "field"), [("max_uses", "max_uses"), ("expires_at", "expires_on")])
def test_limit_can_be_cleared(host_client: Client, event_type: EventType, place: str, limit: str, field: str) -> None:
    """The link is over by that limit; without it, it can be booked through again."""
    over: dict[str, dict[str, Any]] = {
        "max_uses": {"max_uses": 1, "usage_count": 1, "expires_at": END_OF_TOMORROW},
        "expires_at": {"max_uses": 5, "usage_count": 1, "expires_at": END_OF_YESTERDAY},
    }
    link = link_to(event_type, **over[limit])
    before = book(link)

    if place == "tab":
        save(host_client, event_type, **{f"first_{field}": ""})
    else:
        address = f"/private-links/{link.pk}/"
        host_client.post(address, fields_of(host_client.get(address).text, having="max_uses") | {field: ""})

    kept = {name: value for name, value in over[limit].items() if name != "usage_count"}
    assert {name: getattr(stored(link), name) for name in ("max_uses", "expires_at")} == kept | {limit: None}
    assert (before, book(link)) == (404, 302)


@pytest.mark.parametrize("typed", [{"first_max_uses": "2"}, {"first_max_uses": ""}])
def test_link_that_is_used_up_is_revived_by_a_higher_limit(
    host_client: Client, event_type: EventType, typed: dict[str, str]
) -> None:
    link = link_to(event_type, max_uses=1)
    answers = [book(link, 20), book(link, 21)]

    save(host_client, event_type, **typed)

    assert (answers, book(link, 21)) == ([302, 404], 302)


# --- Bookings without a name ----------------------------------------------------------------------------------------


def test_host_sees_who_came_through_which_link(host_client: Client, event_type: EventType) -> None:
    first, second = link_to(event_type, name="First letter"), link_to(event_type, name="Second letter")
    for link, name, hour in ((first, "Grace Hopper", "20"), (second, "Mary Ward", "21")):
        Client().post(link.get_absolute_url(), booking_fields(start=f"2026-12-03T{hour}:00:00Z", name=name))

    pages = {link: host_client.get(f"/private-links/{link.pk}/").text for link in (first, second)}

    assert ["Grace Hopper" in pages[first], "Mary Ward" in pages[first]] == [True, False]
    assert ["Grace Hopper" in pages[second], "Mary Ward" in pages[second]] == [False, True]
