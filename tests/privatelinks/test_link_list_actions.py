"""What is done with the links that are ticked in the list: paused, resumed and deleted, and no others."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Host
from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.services.bulk import MAX_LINKS_AT_ONCE
from tests.factories import BookingFactory, PrivateLinkFactory

ACTIONS = ["pause", "resume", "delete"]

pytestmark = pytest.mark.django_db


def act(client: Client, action: str, links: Iterable[PrivateLink | str], **fields: str) -> Any:
    """Tick the links and press the button."""
    ticked = [str(link.pk) if isinstance(link, PrivateLink) else link for link in links]
    return client.post("/private-links/bulk/", {"action": action, "link": ticked} | fields)


def said(client: Client) -> list[str]:
    """Return the messages on the next page."""
    return [str(message) for message in client.get("/private-links/").context["messages"]]


def paused() -> dict[str, bool]:
    return dict(PrivateLink.objects.order_by("pk").values_list("name", "is_paused"))


def events() -> list[tuple[str, str]]:
    return list(LinkEvent.objects.order_by("pk").values_list("private_link__name", "kind"))


@pytest.fixture
def links(event_type: EventType) -> list[PrivateLink]:
    """Three links, of which B is paused."""
    return [PrivateLinkFactory.create(event_type=event_type, name=name, is_paused=name == "B") for name in "ABC"]


def test_pausing_changes_those_that_are_ticked_and_counts_what_changed(
    host_client: Client, links: list[PrivateLink]
) -> None:
    answer = act(host_client, "pause", links[:2])

    assert answer.headers["Location"] == "/private-links/"
    assert paused() == {"A": True, "B": True, "C": False}
    assert said(host_client) == ["One link is paused."]
    assert events() == [("A", "paused")]


def test_resuming_changes_those_that_are_ticked_and_counts_what_changed(
    host_client: Client, links: list[PrivateLink]
) -> None:
    PrivateLink.objects.update(is_paused=True)

    act(host_client, "resume", links[:2])

    assert paused() == {"A": False, "B": False, "C": True}
    assert said(host_client) == ["2 links are resumed."]
    assert events() == [("A", "resumed"), ("B", "resumed")]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("pause", "Nothing has changed: these links were paused or deleted before."),
        ("resume", "Nothing has changed: none of these links is paused."),
    ],
)
def test_what_is_done_twice_is_done_once(
    host_client: Client, links: list[PrivateLink], action: str, words: str
) -> None:
    act(host_client, action, links)
    said(host_client)
    before = events()

    act(host_client, action, links)

    assert said(host_client) == [words]
    assert events() == before


def test_pausing_writes_nothing_else_and_never_the_counter(host_client: Client, event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, max_uses=5, usage_count=3, returns_uses=True)
    before = PrivateLink.objects.values().get()

    act(host_client, "pause", [link])

    assert PrivateLink.objects.values().get() == before | {"is_paused": True}


def test_deleting_asks_first_and_names_links_and_bookings(host_client: Client, links: list[PrivateLink]) -> None:
    BookingFactory.create_batch(2, event_type=links[0].event_type, private_link=links[0])
    BookingFactory.create(event_type=links[1].event_type, private_link=links[1])

    page = act(host_client, "delete", links[:2], next="/private-links/?page=2").text

    assert "Delete 2 links?" in page
    assert "3 bookings came through them; they stay, and remember the names of their links." in page
    assert [f'name="link" value="{link.pk}"' in page for link in links] == [True, True, False]
    assert 'href="/private-links/?page=2"' in page
    assert PrivateLink.objects.count() == 3


@pytest.mark.parametrize(
    ("booking_count", "words"),
    [
        (0, "Their URLs are dead for good. No booking came through them."),
        (1, "One booking came through them; it stays, and remembers the name of its link."),
    ],
)
def test_question_fits_none_and_one_booking(
    host_client: Client, links: list[PrivateLink], booking_count: int, words: str
) -> None:
    BookingFactory.create_batch(booking_count, event_type=links[0].event_type, private_link=links[0])

    assert words in act(host_client, "delete", links).text


def test_question_about_one_link_has_its_name(host_client: Client, links: list[PrivateLink]) -> None:
    page = act(host_client, "delete", links[:1]).text

    assert "Delete “A”?" in page
    assert "No booking came through it." in page


def test_confirmed_deletion_leaves_the_bookings_with_the_names(host_client: Client, links: list[PrivateLink]) -> None:
    booking = BookingFactory.create(
        event_type=links[0].event_type, private_link=links[0], private_link_name="A", holds_use=True
    )

    answer = act(host_client, "delete", links[:2], confirmed="yes", next="/private-links/?q=a&page=2")

    assert answer.headers["Location"] == "/private-links/?q=a&page=2"
    assert list(PrivateLink.objects.all()) == links[2:]
    booking.refresh_from_db()
    assert (booking.private_link, booking.private_link_name, booking.holds_use) == (None, "A", False)
    assert said(host_client) == ["2 links are deleted."]


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_deleting_links_that_are_gone_says_so(
    host_client: Client, links: list[PrivateLink], confirmed: dict[str, str]
) -> None:
    PrivateLink.objects.all().delete()

    answer = act(host_client, "delete", links, **confirmed)

    assert answer.headers["Location"] == "/private-links/"
    assert said(host_client) == ["These links have been deleted before."]


@pytest.mark.parametrize("action", ACTIONS)
def test_links_that_are_gone_do_not_count(host_client: Client, links: list[PrivateLink], action: str) -> None:
    PrivateLink.objects.update(is_paused=action == "resume")
    PrivateLink.objects.filter(pk=links[0].pk).delete()

    act(host_client, action, links[:2], confirmed="yes")

    assert said(host_client) == [f"One link is {action.removesuffix('e')}ed."]


@pytest.mark.parametrize("action", ACTIONS)
def test_links_of_another_host_are_as_if_they_were_not_there(
    host_client: Client, links: list[PrivateLink], action: str
) -> None:
    foreign = PrivateLinkFactory.create(name="Foreign", is_paused=action == "resume")
    BookingFactory.create(event_type=foreign.event_type, private_link=foreign)
    before = PrivateLink.objects.values().get(pk=foreign.pk)

    asking = act(host_client, action, [foreign])
    act(host_client, action, [foreign, links[2]], confirmed="yes")

    assert "Foreign" not in asking.text
    assert PrivateLink.objects.values().get(pk=foreign.pk) == before
    assert "Foreign" not in [name for name, _kind in events()]


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_ticked_says_what_to_do(host_client: Client, links: list[PrivateLink], action: str) -> None:
    act(host_client, action, [])

    assert said(host_client) == ["Tick the links first."]
    assert PrivateLink.objects.count() == 3


@pytest.mark.parametrize("pk", ["", "x", "-1", "0", "9" * 30, "\x00", "１", "1 2", "1e3"])
def test_ids_that_are_none_are_as_if_they_were_not_there(
    host_client: Client, links: list[PrivateLink], pk: str
) -> None:
    act(host_client, "pause", [pk, links[0]])

    assert paused() == {"A": True, "B": True, "C": False}
    assert said(host_client) == ["One link is paused."]


@pytest.mark.parametrize("action", ACTIONS)
def test_more_than_fit_in_a_transaction_are_refused_whole(
    host_client: Client, links: list[PrivateLink], action: str
) -> None:
    too_many: list[PrivateLink | str] = [*links, *map(str, range(10**9, 10**9 + MAX_LINKS_AT_ONCE - 2))]

    act(host_client, action, too_many, confirmed="yes")

    assert said(host_client) == ["Nothing was done: tick at most 200 links."]
    assert paused() == {"A": False, "B": True, "C": False}


@pytest.mark.parametrize("action", ["", "explode", "\x00", "PAUSE"])
def test_actions_that_are_none_are_refused(host_client: Client, links: list[PrivateLink], action: str) -> None:
    assert act(host_client, action, links).status_code == HTTPStatus.BAD_REQUEST
    assert paused() == {"A": False, "B": True, "C": False}


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", "x", ""])
@pytest.mark.parametrize("action", ["pause", "delete"])
def test_action_never_leads_to_another_site(
    host_client: Client, links: list[PrivateLink], action: str, elsewhere: str
) -> None:
    asking = act(host_client, "delete", links, next=elsewhere)
    answer = act(host_client, action, links, confirmed="yes", next=elsewhere)

    assert asking.context["back_url"] == "/private-links/"
    assert answer.headers["Location"] == "/private-links/"


def test_list_sends_along_where_it_is(host_client: Client, links: list[PrivateLink]) -> None:
    page = host_client.get("/private-links/?q=a&sort=newest&page=1").text

    assert 'name="next" value="/private-links/?q=a&amp;sort=newest&amp;page=1"' in page
    assert f'<input type="checkbox" name="link" value="{links[0].pk}">' in page
    assert "Select A" in page


def test_actions_take_no_get(host_client: Client) -> None:
    assert host_client.get("/private-links/bulk/").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_visitor_is_led_to_the_log_in(client: Client, links: list[PrivateLink]) -> None:
    answer = act(client, "delete", links, confirmed="yes")

    assert answer.headers["Location"] == "/accounts/login/?next=/private-links/bulk/"
    assert PrivateLink.objects.count() == 3


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("fields", "queries"),
    [
        # The session and the host; a transaction (2) with a limit of waiting, the host's lock, its own among the links,
        # their locks, those that change, the change, the clock, and the history.
        ({"action": "pause"}, 12),
        ({"action": "resume"}, 12),
        # The session, the host, and the links with the number of their bookings.
        ({"action": "delete"}, 3),
        # As above up to the links' locks; then their bookings, and the links themselves.
        ({"action": "delete", "confirmed": "yes"}, 10),
    ],
)
def test_actions_need_the_same_queries_for_any_number_of_links(
    host_client: Client,
    number: int,
    fields: dict[str, str],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    is_paused = fields["action"] == "resume"
    links = PrivateLinkFactory.create_batch(number, event_type__host=Host.objects.get(), is_paused=is_paused)
    for link in links:
        BookingFactory.create_batch(number, event_type=link.event_type, private_link=link, holds_use=True)

    with django_assert_num_queries(queries):
        host_client.post("/private-links/bulk/", fields | {"link": [link.pk for link in links]})
