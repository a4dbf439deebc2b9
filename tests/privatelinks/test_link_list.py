"""The list of all private links of a host: what it shows, finds and leaves out."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory

NOW = datetime.now(UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type(host: Host) -> EventType:
    event_type: EventType = EventTypeFactory.create(host=host, title="Discovery call", slug="discovery-call")
    return event_type


def names(client: Client, **asked: Any) -> list[str]:
    """Return the names in the list, for a query."""
    return [listed.line.name for listed in client.get("/private-links/", asked).context["links"]]


def test_list_has_the_hosts_own_links_of_all_event_types(
    host: Host, host_client: Client, event_type: EventType
) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="ended", usage_count=1)
    PrivateLinkFactory.create(event_type__host=host, name="active")
    PrivateLinkFactory.create(name="of another host")

    assert names(host_client) == ["active", "ended"]


def test_row_leads_to_the_links_page_and_copies_its_url(host_client: Client, event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, name="Beta", max_uses=5, usage_count=3)

    page = host_client.get("/private-links/").text

    assert f'href="/private-links/{link.pk}/"' in page
    assert f'data-copy="{settings.SITE_URL}/d/{link.hash}/discovery-call"' in page
    assert "2 of 5 uses left" in page
    assert "Discovery call" in page


def test_link_that_is_switched_off_says_so(host: Host, host_client: Client) -> None:
    PrivateLinkFactory.create(event_type__host=host, event_type__private_links_enabled=False)

    assert "private links are switched off" in host_client.get("/private-links/").text


@pytest.mark.parametrize("text", ["beta", "MÜLLER", " Beta Müller ", "a m"])
def test_search_finds_names(host_client: Client, event_type: EventType, text: str) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta Müller")
    PrivateLinkFactory.create(event_type=event_type, name="Other")

    assert names(host_client, q=text) == ["Beta Müller"]


@pytest.mark.parametrize(
    "pasted",
    [
        "{hash}",
        "/d/{hash}/discovery-call",
        "https://book.example.org/d/{hash}/discovery-call?month=2026-12",
        "See you at <https://book.example.org/d/{hash}/discovery-call>.",
    ],
)
def test_search_finds_the_link_of_a_pasted_url(host_client: Client, event_type: EventType, pasted: str) -> None:
    wanted = PrivateLinkFactory.create(event_type=event_type, name="Wanted")
    PrivateLinkFactory.create(event_type=event_type, name="Other")

    assert names(host_client, q=pasted.format(hash=wanted.hash)) == ["Wanted"]


def test_search_finds_no_link_of_another_host(host_client: Client) -> None:
    foreign = PrivateLinkFactory.create(name="Foreign")

    assert names(host_client, q=foreign.hash) == []
    assert names(host_client, q="Foreign") == []
    assert names(host_client, event_type=foreign.event_type.pk) == []


def test_search_is_text_and_no_pattern(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="100 %")
    PrivateLinkFactory.create(event_type=event_type, name="100")

    assert names(host_client, q="%") == ["100 %"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("active", ["active"]),
        ("scheduled", ["scheduled"]),
        ("paused", ["paused"]),
        ("used_up", ["used up"]),
        ("expired", ["expired"]),
    ],
)
def test_filter_by_state(host_client: Client, event_type: EventType, state: str, expected: list[str]) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="active")
    PrivateLinkFactory.create(event_type=event_type, name="scheduled", opens_at=NOW + timedelta(days=1))
    PrivateLinkFactory.create(event_type=event_type, name="paused", is_paused=True)
    PrivateLinkFactory.create(event_type=event_type, name="used up", usage_count=1)
    PrivateLinkFactory.create(event_type=event_type, name="expired", expires_at=NOW - timedelta(days=1))

    assert names(host_client, state=state) == expected


def test_filter_by_event_type(host: Host, host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="wanted")
    PrivateLinkFactory.create(event_type__host=host, name="other")

    assert names(host_client, event_type=event_type.pk) == ["wanted"]


def test_search_and_filters_go_together(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta 1", is_paused=True)
    PrivateLinkFactory.create(event_type=event_type, name="Beta 2")
    PrivateLinkFactory.create(event_type=event_type, name="Other", is_paused=True)

    assert names(host_client, q="beta", state="paused", event_type=event_type.pk) == ["Beta 1"]


@pytest.mark.parametrize(
    "query",
    ["?q=%00", "?state=nonsense", "?event_type=x", "?event_type=99999999999999999999", "?page=x", "?page=-1", "?x=1"],
)
def test_nonsense_counts_as_missing(host_client: Client, event_type: EventType, query: str) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")

    response = host_client.get(f"/private-links/{query}")

    assert response.status_code == HTTPStatus.OK
    assert [listed.line.name for listed in response.context["links"]] == ["Beta"]
    assert "aria-invalid" not in response.text


def test_list_is_paged_by_fifty_and_keeps_the_query(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create_batch(51, event_type=event_type, name="Beta")

    first, second = (host_client.get(f"/private-links/?q=beta&page={number}") for number in (1, 2))

    assert [len(page.context["links"]) for page in (first, second)] == [50, 1]
    assert 'href="?q=beta&amp;page=2"' in first.text


@pytest.mark.parametrize("number", [1, 3])
def test_list_needs_the_same_queries_for_any_number_of_links(
    host: Host, host_client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        PrivateLinkFactory.create_batch(number, event_type__host=host)

    # The session, the host, how many, the links with their event types, and the event types to choose from.
    with django_assert_num_queries(5):
        host_client.get("/private-links/")


def test_empty_list_says_what_to_do_first(host_client: Client) -> None:
    page = host_client.get("/private-links/").text

    assert "No private link yet" in page
    assert 'href="/event-types/"' in page


def test_search_that_finds_nothing_leads_back(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type)

    page = host_client.get("/private-links/?q=nothing").text

    assert "Nothing found" in page
    assert "Show all" in page


def test_list_is_never_kept_by_a_browser(host_client: Client) -> None:
    assert "no-store" in host_client.get("/private-links/").headers["Cache-Control"]


def test_visitor_is_led_to_the_log_in(client: Client) -> None:
    assert client.get("/private-links/").headers["Location"] == "/accounts/login/?next=/private-links/"


def test_matching_asks_for_whole_hashes_only(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, name="")

    assert list(PrivateLink.objects.matching(link.hash)) == [link]
    assert list(PrivateLink.objects.matching(link.hash[:-1])) == []
