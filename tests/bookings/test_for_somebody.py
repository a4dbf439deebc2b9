"""Links for somebody: the form is filled in for the invitee, and a restricted link lets nobody else book."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bookings.models import Booking
from bookings.services.booking import Invitee, InviteeNotAllowedError, LinkUnavailableError, SlotUnavailableError, book
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START, booking_fields
from tests.bookings.iris_books import uses
from tests.bookings.queued_mails import queued_mails
from tests.bookings.test_private_link_page import NOTHING, answer_of
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.usefixtures("clock")

CHOSEN = "?start=2026-12-03T09:00:00Z"
MESSAGE = "This address cannot book here. Please use the one to which the link was sent, or ask who sent it."
UNTAKEN = START.replace(hour=3)


@pytest.fixture
def link(link: PrivateLink) -> PrivateLink:
    """A link for Iris, and for everybody else at example.org."""
    link.invitee_name, link.invitee_email = "Iris Invitee", "iris@example.com"
    link.allowed_invitees = ["iris@example.com", "@example.org"]
    link.save()
    return link


def book_as(email: str, link: PrivateLink, **changes: Any) -> Booking:
    invitee = Invitee("Somebody", email, ZoneInfo("Asia/Tokyo"))
    request: dict[str, Any] = {"starts_at": START, "request_key": uuid.uuid4()} | changes
    return book(event_type=link.event_type, invitee=invitee, private_link=link, **request)


# --- Who may book ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["iris@example.com", "IRIS@Example.COM", "anybody@example.org"])
def test_link_admits_those_whom_it_is_for(link: PrivateLink, email: str) -> None:
    booking = book_as(email, link)

    assert (booking.invitee_email, uses(link)) == (email, 1)


@pytest.mark.parametrize("email", ["eve@example.com", "eve@sub.example.org", "example.org@example.net"])
def test_link_refuses_others_and_spends_nothing(link: PrivateLink, email: str) -> None:
    with pytest.raises(InviteeNotAllowedError):
        book_as(email, link)

    assert (Booking.objects.count(), uses(link), queued_mails()) == (0, 0, [])


def test_link_with_an_invitee_and_no_restriction_admits_everybody(link: PrivateLink) -> None:
    PrivateLink.objects.update(allowed_invitees=[])

    assert book_as("eve@example.net", link).invitee_name == "Somebody"


def test_others_are_not_told_what_is_on_offer(link: PrivateLink) -> None:
    with pytest.raises(InviteeNotAllowedError):
        book_as("eve@example.net", link, starts_at=UNTAKEN)
    with pytest.raises(SlotUnavailableError):
        book_as("iris@example.com", link, starts_at=UNTAKEN)


def test_link_that_is_over_does_not_tell_whom_it_was_for(link: PrivateLink) -> None:
    PrivateLink.objects.update(is_paused=True)

    with pytest.raises(LinkUnavailableError):
        book_as("eve@example.net", link)


def test_form_sent_again_is_answered_whoever_the_link_is_for_by_now(link: PrivateLink) -> None:
    request_key = uuid.uuid4()
    first = book_as("iris@example.com", link, request_key=request_key)
    PrivateLink.objects.update(allowed_invitees=["@example.net"], max_uses=2)

    assert book_as("iris@example.com", link, request_key=request_key) == first


@pytest.mark.django_db(transaction=True)
def test_restriction_made_during_the_wait_for_the_lock_counts(link: PrivateLink) -> None:
    def hold_the_host_and_restrict() -> None:
        type(link.event_type.host).objects.select_for_update(no_key=True).get(pk=link.event_type.host_id)
        PrivateLink.objects.filter(pk=link.pk).update(allowed_invitees=["@example.net"])

    with meanwhile(hold_the_host_and_restrict), pytest.raises(InviteeNotAllowedError):
        book_as("iris@example.com", link)

    assert Booking.objects.count() == 0


# --- On the page -----------------------------------------------------------------------------------------------------


def test_refused_address_is_told_beside_the_field_and_nobody_else_is_named(client: Client, link: PrivateLink) -> None:
    fields = booking_fields(email="eve@example.net", name="Eve Else")

    answer = client.post(link.get_absolute_url(), fields)

    assert (answer.status_code, Booking.objects.count(), uses(link)) == (422, 0, 0)
    assert dict(answer.context["page"].form.errors) == {"email": [MESSAGE]}
    assert 'value="eve@example.net"' in answer.text
    assert 'value="Eve Else"' in answer.text
    assert fields["request_key"] in answer.text
    assert "10:00 – 10:30" in answer.text
    assert [word in answer.text for word in ("iris@", "Iris", "example.org", "For Grace")] == [False] * 4


def test_same_form_books_with_the_right_address(client: Client, link: PrivateLink) -> None:
    fields = booking_fields(email="eve@example.net")
    client.post(link.get_absolute_url(), fields)

    answer = client.post(link.get_absolute_url(), fields | {"email": "iris@example.com"})

    assert (answer.status_code, Booking.objects.get().invitee_email) == (302, "iris@example.com")


def test_form_is_filled_in_for_the_invitee(client: Client, link: PrivateLink) -> None:
    form = client.get(f"{link.get_absolute_url()}{CHOSEN}").context["page"].form

    assert (form["name"].value(), form["email"].value()) == ("Iris Invitee", "iris@example.com")


def test_what_is_filled_in_stands_in_no_address(client: Client, link: PrivateLink) -> None:
    page = client.get(link.get_absolute_url()).text

    assert [word in page for word in ("Iris", "iris", "example.com", "example.org")] == [False] * 4


def test_what_was_typed_is_kept_even_if_it_is_nothing(client: Client, link: PrivateLink) -> None:
    answer = client.post(link.get_absolute_url(), booking_fields(name="", email=""))

    form = answer.context["page"].form
    assert (answer.status_code, form["name"].value(), form["email"].value()) == (422, "", "")


def test_form_of_a_link_for_nobody_is_blank(client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(invitee_name="", invitee_email="")

    form = client.get(f"{link.get_absolute_url()}{CHOSEN}").context["page"].form

    assert (form["name"].value(), form["email"].value()) == ("", "")


def test_public_page_knows_nothing_of_the_invitee(client: Client, link: PrivateLink) -> None:
    page = client.get(f"/ada/discovery-call/{CHOSEN}").text

    assert [word in page for word in ("Iris", "iris@")] == [False, False]


@pytest.mark.parametrize(("query", "queries"), [("", 4), (CHOSEN, 5)])
def test_page_for_somebody_takes_as_few_queries(client: Client, link: PrivateLink, query: str, queries: int) -> None:
    assert answer_of(lambda: client.get(f"{link.get_absolute_url()}{query}"))[3] == queries


@pytest.mark.parametrize("email", ["iris@example.com", "eve@example.net"])
def test_restricted_link_that_is_over_answers_like_one_that_never_was(
    client: Client, link: PrivateLink, email: str
) -> None:
    PrivateLink.objects.update(is_paused=True)
    fields = booking_fields(email=email)

    assert answer_of(lambda: client.get(link.get_absolute_url())) == answer_of(lambda: client.get(NOTHING))
    assert answer_of(lambda: client.post(link.get_absolute_url(), fields)) == answer_of(
        lambda: client.post(NOTHING, fields)
    )
