"""The list of a host's event types."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.factories import BookingFactory, EventTypeFactory, HostFactory, PrivateLinkFactory

SITE = "http://127.0.0.1:8000"


def rows(client: Client, query: str = "") -> list[Any]:
    """Return the rows of the list."""
    found: list[Any] = client.get(f"/event-types/{query}").context["rows"]
    return found


def titles(client: Client, query: str = "") -> list[str]:
    return [row.event_type.title for row in rows(client, query)]


def test_list_leads_visitors_to_the_log_in(client: Client, db: None) -> None:
    assert client.get("/event-types/")["Location"] == "/accounts/login/?next=/event-types/"


def test_list_takes_no_post(host_client: Client) -> None:
    assert host_client.post("/event-types/").status_code == 405


def test_list_is_never_kept_by_a_browser(host_client: Client) -> None:
    assert "no-store" in host_client.get("/event-types/")["Cache-Control"]


def test_list_shows_the_hosts_own_in_order(host_client: Client, host: Host) -> None:
    EventTypeFactory(host=host, title="Second", position=2)
    EventTypeFactory(host=host, title="First", position=1)
    EventTypeFactory(title="Foreign")

    assert titles(host_client) == ["First", "Second"]


def test_list_without_event_types_says_what_to_do_first(host_client: Client) -> None:
    assert "Create your first event type" in host_client.get("/event-types/").text


def test_list_says_which_durations_there_are(host_client: Client, host: Host) -> None:
    EventTypeFactory(host=host, duration_minutes=30)
    EventTypeFactory(host=host, duration_minutes=30, duration_options=[60, 15])

    assert [row.durations for row in rows(host_client)] == ["30 minutes", "15, 30 or 60 minutes"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_needs_four_queries(
    host_client: Client, host: Host, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        PrivateLinkFactory.create_batch(number, event_type=EventTypeFactory(host=host))

    # Session, user, how many, and the event types with what their links come to.
    with django_assert_num_queries(4):
        host_client.get("/event-types/")


def test_row_asks_the_same_as_the_page_before_it_is_deleted(host_client: Client, host: Host) -> None:
    event_type = EventTypeFactory(host=host)
    PrivateLinkFactory.create_batch(2, event_type=event_type)
    PrivateLinkFactory(event_type=event_type, is_paused=True)
    BookingFactory(event_type=event_type)
    BookingFactory(event_type=event_type, starts_at=datetime.now(UTC) - timedelta(days=2))
    EventTypeFactory(host=host)

    asked = {row.event_type.pk: row.question for row in rows(host_client)}

    assert asked == {pk: host_client.get(f"/event-types/{pk}/delete/").context["question"] for pk in asked}
    assert "2 private links stop working for good. One upcoming booking stays" in asked[event_type.pk].text


class TestUrls:
    @pytest.mark.parametrize("visibility", ["public", "unlisted"])
    def test_row_has_the_public_url(self, host_client: Client, host: Host, visibility: str) -> None:
        EventTypeFactory(host=host, slug="intro", visibility=visibility)

        [row] = rows(host_client)
        assert row.url == f"{SITE}/ada/intro/"
        assert not row.is_bookable_by_nobody

    def test_row_of_a_private_event_type_has_none(self, host_client: Client, host: Host) -> None:
        EventTypeFactory(host=host, slug="intro", visibility="private")

        assert [row.url for row in rows(host_client)] == [""]
        assert f"{SITE}/ada/intro/" not in host_client.get("/event-types/").text

    def test_row_has_the_link_that_ends_first_of_those_that_work(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="intro")
        soon = datetime.now(UTC) + timedelta(days=1)
        PrivateLinkFactory(event_type=event_type)
        PrivateLinkFactory(event_type=event_type, expires_at=soon, is_paused=True)
        first = PrivateLinkFactory(event_type=event_type, expires_at=soon + timedelta(days=1))

        [row] = rows(host_client)
        assert row.link_url == f"{SITE}/d/{first.hash}/intro"
        assert row.link_count == 3
        assert row.link_url in host_client.get("/event-types/").text


class TestNobodyCanBook:
    def is_marked(self, client: Client) -> bool:
        """Whether the only event type is marked."""
        return "Nobody can book this" in client.get("/event-types/").text

    def test_private_event_type_without_a_link_is_marked(self, host_client: Client, host: Host) -> None:
        EventTypeFactory(host=host, visibility="private")

        assert self.is_marked(host_client)

    def test_private_event_type_with_a_link_that_works_is_not_marked(self, host_client: Client, host: Host) -> None:
        PrivateLinkFactory(event_type=EventTypeFactory(host=host, visibility="private"))

        assert not self.is_marked(host_client)

    @pytest.mark.parametrize(
        "ended",
        [
            {"is_paused": True},
            {"max_uses": 1, "usage_count": 1},
            {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
            {"opens_at": datetime(2200, 1, 1, tzinfo=UTC)},
        ],
    )
    def test_private_event_type_with_an_ended_link_is_marked(
        self, host_client: Client, host: Host, ended: dict[str, Any]
    ) -> None:
        PrivateLinkFactory(event_type=EventTypeFactory(host=host, visibility="private"), **ended)

        assert self.is_marked(host_client)

    def test_private_event_type_with_links_switched_off_is_marked(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, visibility="private", private_links_enabled=False)
        PrivateLinkFactory(event_type=event_type)

        assert self.is_marked(host_client)

    def test_another_event_types_link_does_not_count(self, host_client: Client, host: Host) -> None:
        EventTypeFactory(host=host, visibility="private")
        PrivateLinkFactory(event_type=EventTypeFactory(host=HostFactory()))

        assert self.is_marked(host_client)


class TestOrder:
    def test_ends_of_the_list_are_known(self, host_client: Client, host: Host) -> None:
        EventTypeFactory.create_batch(3, host=host)

        assert [(row.is_first, row.is_last) for row in rows(host_client)] == [
            (True, False),
            (False, False),
            (False, True),
        ]

    def test_ends_of_the_list_are_known_on_later_pages(self, host_client: Client, host: Host) -> None:
        EventTypeFactory.create_batch(27, host=host)

        assert [(row.is_first, row.is_last) for row in rows(host_client, "?page=2")] == [(False, False), (False, True)]


class TestSearch:
    @pytest.mark.parametrize("query", ["MÜLLER", "muller-call", " müller "])
    def test_search_looks_at_titles_and_slugs(self, host_client: Client, host: Host, query: str) -> None:
        EventTypeFactory(host=host, title="Call with Müller", slug="muller-call")
        EventTypeFactory(host=host, title="Other")

        assert titles(host_client, f"?q={query}") == ["Call with Müller"]

    def test_search_is_text_and_no_pattern(self, host_client: Client, host: Host) -> None:
        EventTypeFactory(host=host, title="100 % sure")
        EventTypeFactory(host=host, title="Other")

        assert titles(host_client, "?q=%25") == ["100 % sure"]

    def test_search_that_finds_nothing_leads_back(self, host_client: Client, host: Host) -> None:
        EventTypeFactory(host=host)

        page = host_client.get("/event-types/?q=<b>").text

        assert "Nothing found for “&lt;b&gt;”" in page
        assert "Show all event types" in page

    @pytest.mark.parametrize("query", ["?q=%00", "?page=x", "?page=999999999999999999999", "?page=-1", "?page=%00"])
    def test_nonsense_counts_as_missing(self, host_client: Client, host: Host, query: str) -> None:
        EventTypeFactory(host=host, title="Intro")

        assert titles(host_client, query) == ["Intro"]

    def test_search_is_offered_once_the_list_is_long(self, host_client: Client, host: Host) -> None:
        EventTypeFactory.create_batch(9, host=host)
        assert 'role="search"' not in host_client.get("/event-types/").text

        EventTypeFactory(host=host)
        assert 'role="search"' in host_client.get("/event-types/").text


def test_list_shows_no_hash_of_another_host(host_client: Client, host: Host) -> None:
    EventTypeFactory(host=host)
    foreign: PrivateLink = PrivateLinkFactory()

    assert foreign.hash not in host_client.get("/event-types/").text
    assert EventType.objects.count() == 2
