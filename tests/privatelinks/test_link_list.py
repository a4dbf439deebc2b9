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
from tests.factories import BookingFactory, PrivateLinkFactory

NOW = datetime.now(UTC)

pytestmark = pytest.mark.django_db


def names(client: Client, **asked: Any) -> list[str]:
    """Return the names in the list, for a query."""
    return [listed.line.name for listed in client.get("/private-links/", asked).context["links"]]


def uses(count: int, *, of: int) -> dict[str, int]:
    """Return the values of a link that has been used so often."""
    return {"usage_count": count, "max_uses": of}


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


@pytest.mark.parametrize("text", ["Hopper", "GRACE", "grace@example.com", "@example.com", "Grace Hopper"])
def test_search_finds_whom_a_link_is_for(host_client: Client, event_type: EventType, text: str) -> None:
    invitee = {"invitee_name": "Grace Hopper", "invitee_email": "grace@example.com"}
    PrivateLinkFactory.create(event_type=event_type, name="Wanted", **invitee)
    PrivateLinkFactory.create(event_type=event_type, name="Other", invitee_name="Iris", invitee_email="i@example.net")

    assert names(host_client, q=text) == ["Wanted"]


@pytest.mark.parametrize("text", ["Hopper", "GRACE", "grace@example.com", "@example.com", "Grace Hopper"])
def test_search_finds_who_has_booked_through_a_link_and_repeats_no_row(
    host_client: Client, event_type: EventType, text: str
) -> None:
    wanted, other = (PrivateLinkFactory.create(event_type=event_type, name=name) for name in ("Wanted", "Other"))
    invitee = {"invitee_name": "Grace Hopper", "invitee_email": "grace@example.com"}
    BookingFactory.create_batch(3, event_type=event_type, private_link=wanted, **invitee)
    BookingFactory.create(event_type=event_type, private_link=other, invitee_email="iris@example.net")
    BookingFactory.create(event_type=event_type, **invitee)

    assert names(host_client, q=text) == ["Wanted"]


def test_row_says_whom_the_link_is_for(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create(event_type=event_type, invitee_name="Grace <b>", invitee_email="grace@example.com")

    assert "for Grace &lt;b&gt;, grace@example.com" in host_client.get("/private-links/").text


def test_search_finds_no_link_of_another_host(host_client: Client) -> None:
    foreign = PrivateLinkFactory.create(name="Foreign", invitee_name="Foreign")
    BookingFactory.create(event_type=foreign.event_type, private_link=foreign, invitee_name="Foreign")

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
    ("sort", "expected"),
    [
        ("end", ["sooner", "later", "ended"]),
        ("most-uses", ["later", "ended", "sooner"]),
        ("least-uses", ["sooner", "ended", "later"]),
        ("newest", ["ended", "later", "sooner"]),
        ("oldest", ["sooner", "later", "ended"]),
        ("", ["sooner", "later", "ended"]),
        ("nonsense", ["sooner", "later", "ended"]),
        ("-pk", ["sooner", "later", "ended"]),
    ],
)
def test_list_is_sorted_as_asked_for(
    host_client: Client, event_type: EventType, sort: str, expected: list[str]
) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="sooner", expires_at=NOW + timedelta(days=1), max_uses=9)
    PrivateLinkFactory.create(event_type=event_type, name="later", expires_at=NOW + timedelta(days=2), **uses(3, of=4))
    PrivateLinkFactory.create(event_type=event_type, name="ended", **uses(1, of=1))

    assert names(host_client, sort=sort) == expected


@pytest.mark.parametrize("sort", ["most-uses", "least-uses"])
def test_links_with_as_many_uses_come_newest_first(host_client: Client, event_type: EventType, sort: str) -> None:
    for name in ("older", "newer"):
        PrivateLinkFactory.create(event_type=event_type, name=name)

    assert names(host_client, sort=sort) == ["newer", "older"]


def test_order_that_was_asked_for_stays_chosen_and_is_no_filter(host_client: Client) -> None:
    assert "No private link yet" in host_client.get("/private-links/?sort=newest").text

    PrivateLinkFactory.create(event_type__host=Host.objects.get())

    assert '<option value="newest" selected>Newest</option>' in host_client.get("/private-links/?sort=newest").text
    assert '<option value="end" selected>' not in host_client.get("/private-links/").text


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?state=nonsense",
        "?sort=nonsense",
        "?sort=%00",
        "?event_type=x",
        "?event_type=99999999999999999999",
        "?page=x",
        "?page=-1",
        "?x=1",
    ],
)
def test_nonsense_counts_as_missing(host_client: Client, event_type: EventType, query: str) -> None:
    PrivateLinkFactory.create(event_type=event_type, name="Beta")

    response = host_client.get(f"/private-links/{query}")

    assert response.status_code == HTTPStatus.OK
    assert [listed.line.name for listed in response.context["links"]] == ["Beta"]
    assert "aria-invalid" not in response.text


def test_list_is_paged_by_fifty_and_keeps_the_query(host_client: Client, event_type: EventType) -> None:
    PrivateLinkFactory.create_batch(51, event_type=event_type, name="Beta")

    asked = "q=beta&state=active&sort=newest"
    first, second = (host_client.get(f"/private-links/?{asked}&page={number}") for number in (1, 2))

    assert [len(page.context["links"]) for page in (first, second)] == [50, 1]
    assert 'href="?q=beta&amp;state=active&amp;sort=newest&amp;page=2"' in first.text


@pytest.mark.parametrize("asked", ["", "?q=iris", "?state=active", "?sort=newest", "?page=2"])
@pytest.mark.parametrize("number", [1, 3])
def test_list_needs_the_same_queries_for_any_number_of_links(
    host: Host, host_client: Client, number: int, asked: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for link in PrivateLinkFactory.create_batch(number, event_type__host=host):
        BookingFactory.create_batch(number, event_type=link.event_type, private_link=link)

    # The session, the host, the ids of the event types, how many links, these with their event types, and the event
    # types to choose from.
    with django_assert_num_queries(6):
        host_client.get(f"/private-links/{asked}")


def test_list_of_a_thousand_links_needs_no_more_queries(
    host_client: Client, event_type: EventType, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PrivateLink.objects.bulk_create(PrivateLink(event_type=event_type, invitee_name="Iris") for _ in range(1_000))

    for asked in ("", "?q=iris", "?state=active", "?sort=newest", "?page=20"):
        with django_assert_num_queries(6):
            page = host_client.get(f"/private-links/{asked}")

        assert (len(page.context["links"]), page.context["page_obj"].paginator.count) == (50, 1_000)


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
