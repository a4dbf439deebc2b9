"""Private links as invitees meet them: live ones book, and all that are over are one and the same 404."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START, booking_fields
from tests.bookings.ended_links import ENDS, deactivate, delete, expire, switch_off, use_up
from tests.bookings.queries import count_queries
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory

pytestmark = pytest.mark.usefixtures("clock")

NOTHING = "/d/111111111111111111111A/discovery-call"

type Answer = tuple[int, bytes, dict[str, str], int]


# Variants of the address of a live link, and addresses that never were any.
WRONG_ADDRESSES = [
    NOTHING,
    "/d/{changed}/discovery-call",
    "/d/{cut}/discovery-call",
    "/d/{hash}1/discovery-call",
    "/d/{swapped}/discovery-call",
    "/d/{hash}/Discovery-Call",
    "/d/%EF%BC%91{cut}/discovery-call",
    "/d/{hash}%20/discovery-call",
    "/d/{hash}%0A/discovery-call",
    "/d/{hash}/discovery-call%0A",
    "/d/{cut}%00/discovery-call",
    "/d/{hash}/discovery-call%00",
    "/d/a%00b/x",
    "/d/{cut}%FF/discovery-call",
    "/d/{hash}/discovery-call/",
    "/d/{hash}/discovery-call/x/",
    "/d/{hash}",
    "/d/{hash}/",
    "/d//discovery-call",
    "/d/x",
    "/d/x/",
    "/d/%0A/",
    "/d/",
    "/d",
]


@pytest.fixture(params=[*ENDS, *WRONG_ADDRESSES])
def address_that_is_over(request: pytest.FixtureRequest, link: PrivateLink) -> str:
    """The address of a link in one of the ways in which it can be over."""
    if request.param in ENDS:
        return ENDS[request.param](link)
    cut = link.hash[:-1]
    changed = cut + ("2" if link.hash.endswith("1") else "1")
    address: str = request.param
    return address.format(hash=link.hash, cut=cut, changed=changed, swapped=link.hash.swapcase())


def answer_of(send: Callable[[], Any]) -> Answer:
    """Return the status, the body, the headers and the number of queries of an answer."""
    with CaptureQueriesContext(connection) as queries:
        response = send()
    return response.status_code, response.content, dict(response.headers), count_queries(queries)


@pytest.mark.rule("S1", "S3")
def test_link_that_is_over_answers_like_one_that_never_was(client: Client, address_that_is_over: str) -> None:
    answer = answer_of(lambda: client.get(address_that_is_over))

    assert answer == answer_of(lambda: client.get(NOTHING))
    assert (answer[0], answer[3]) == (404, 1)


@pytest.mark.rule("S1", "S3")
def test_link_that_is_over_books_nothing(client: Client, address_that_is_over: str) -> None:
    fields = booking_fields()

    answer = answer_of(lambda: client.post(address_that_is_over, fields))

    assert answer == answer_of(lambda: client.post(NOTHING, fields))
    assert (answer[0], answer[3]) == (404, 2)
    assert Booking.objects.count() == 0


@pytest.mark.rule("S3")
@pytest.mark.parametrize("fields", [{}, {"request_key": "x"}, {"start": "x", "email": "\x00", "notes": "n" * 100_000}])
def test_link_that_is_over_answers_bad_input_like_good(client: Client, fields: dict[str, str]) -> None:
    answer = answer_of(lambda: client.post(NOTHING, fields))

    assert answer == answer_of(lambda: client.post(NOTHING, booking_fields()))


@pytest.mark.rule("S3")
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_tell_nothing(client: Client, link: PrivateLink, method: str) -> None:
    send = getattr(client, method)

    answer = answer_of(lambda: send(link.get_absolute_url()))

    assert answer == answer_of(lambda: send(NOTHING))
    assert (answer[0], answer[3]) == (405, 0)


@pytest.mark.rule("S3")
def test_page_of_a_link_that_is_over_asks_neither_session_nor_user(host_client: Client, link: PrivateLink) -> None:
    address = expire(link)

    answer = answer_of(lambda: host_client.get(address))

    assert answer == answer_of(lambda: Client().get(NOTHING))
    assert "Set-Cookie" not in answer[2]
    assert "Vary" not in answer[2]


def test_page_of_a_link_that_is_over_says_whom_to_ask(client: Client) -> None:
    page = client.get(NOTHING).text

    assert "<h1>This link is not available</h1>" in page
    assert "Please ask the person who sent it to you." in page
    assert "<form" not in page
    assert "<script" not in page


def test_live_link_shows_times_and_books(client: Client, link: PrivateLink) -> None:
    page = client.get(f"{link.get_absolute_url()}?date=2026-12-03")
    answer = client.post(link.get_absolute_url(), booking_fields())

    booking = Booking.objects.get()
    link.refresh_from_db()
    assert "?month=2026-12&amp;date=2026-12-03&amp;tz=Europe/Berlin&amp;start=2026-12-03T09:00:00Z" in page.text
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/booking/{booking.uid}/")
    assert (booking.private_link, booking.starts_at, booking.created_at) == (link, START, NOW)
    assert link.usage_count == 1


@pytest.mark.parametrize("path", ["", "?start=2026-12-03T09:00:00Z"])
def test_page_does_not_name_its_own_hash(client: Client, link: PrivateLink, path: str) -> None:
    page = client.get(f"{link.get_absolute_url()}{path}")

    assert link.hash not in page.text
    assert link.name not in page.text


def test_page_leads_to_nothing_else_of_the_host(client: Client, link: PrivateLink) -> None:
    other = EventTypeFactory(host=link.event_type.host)

    page = client.get(link.get_absolute_url()).text

    assert other.title not in page
    assert "/ada/" not in page


@pytest.mark.parametrize("path", ["", "?start=2026-12-03T09:00:00Z", "?start=2026-12-06T09:00:00Z"])
def test_pages_keep_the_address_secret(client: Client, link: PrivateLink, path: str) -> None:
    headers = client.get(f"{link.get_absolute_url()}{path}").headers

    assert {name: headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")} == {
        "Referrer-Policy": "strict-origin",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "private, no-store",
    }


@pytest.mark.parametrize("query", ["", "?month=2026-12", "?start=2026-12-03T09:00:00Z", "?start=2026-12-06T09:00:00Z"])
def test_page_takes_few_queries_however_much_there_is(client: Client, link: PrivateLink, query: str) -> None:
    address = f"{link.get_absolute_url()}{query}"
    with_little = answer_of(lambda: client.get(address))[3]
    PrivateLinkFactory.create_batch(5, event_type=link.event_type)
    for day in range(20):
        starts_at = START + timedelta(days=day, hours=4)
        BookingFactory(event_type=link.event_type, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))

    with_much = answer_of(lambda: client.get(address))[3]

    # With the form, also the questions.
    expected = 5 if query == "?start=2026-12-03T09:00:00Z" else 4
    assert (with_little, with_much) == (expected, expected)


def test_page_of_a_gap_of_months_takes_six_queries(client: Client, link: PrivateLink) -> None:
    """The most there are: an empty month, for which the next one with times is looked for and shown."""
    block_until(link.event_type, datetime(2027, 1, 15, tzinfo=UTC))

    status, body, _headers, queries = answer_of(lambda: client.get(link.get_absolute_url()))

    assert (status, queries) == (200, 6)
    assert b"January 2027" in body


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_spends_no_use(client: Client, link: PrivateLink, method: str) -> None:
    for query in ("", "?date=2026-12-03", "?start=2026-12-03T09:00:00Z"):
        getattr(client, method)(f"{link.get_absolute_url()}{query}")

    link.refresh_from_db()
    assert (link.usage_count, Booking.objects.count()) == (0, 0)


def test_refused_forms_spend_no_use(client: Client, link: PrivateLink) -> None:
    for fields in ({"email": "x"}, {"start": "2026-12-06T09:00:00Z"}, {"request_key": ""}):
        client.post(link.get_absolute_url(), booking_fields(**fields))

    link.refresh_from_db()
    assert (link.usage_count, Booking.objects.count()) == (0, 0)


def test_second_booking_through_a_link_with_one_use_is_the_404(client: Client, link: PrivateLink) -> None:
    client.post(link.get_absolute_url(), booking_fields())

    answer = answer_of(lambda: client.post(link.get_absolute_url(), booking_fields(start="2026-12-03T10:00:00Z")))

    assert answer == answer_of(lambda: client.post(NOTHING, booking_fields()))
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("end", [use_up, expire, delete, switch_off, deactivate])
def test_form_sent_again_after_the_end_leads_to_its_booking(
    client: Client, link: PrivateLink, end: Callable[[PrivateLink], str]
) -> None:
    fields = booking_fields()
    first = client.post(link.get_absolute_url(), fields)
    address = end(link)

    second = client.post(address, fields)

    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"start": "2026-12-03T10:00:00Z"}, {"email": "other@example.com"}, {"request_key": str(uuid.uuid4())}]
)
def test_other_form_after_the_end_is_the_404(client: Client, link: PrivateLink, changes: dict[str, str]) -> None:
    fields = booking_fields()
    client.post(link.get_absolute_url(), fields)

    answer = client.post(link.get_absolute_url(), fields | changes)

    assert answer.status_code == 404


@pytest.mark.rule("S3")
def test_form_sent_again_does_not_tell_an_ended_link_from_none(client: Client, link: PrivateLink) -> None:
    fields = booking_fields()
    client.post(link.get_absolute_url(), fields)

    at_ended_link = client.post(link.get_absolute_url(), fields)
    at_nothing = client.post(NOTHING, fields)

    assert at_ended_link.headers["Location"] == at_nothing.headers["Location"]


def test_former_slug_leads_to_the_present_one(client: Client, link: PrivateLink) -> None:
    address = link.get_absolute_url()
    rename(link.event_type, "first-call")

    answer = client.get(f"{address}?month=2026-12&tz=Europe/Berlin")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/d/{link.hash}/first-call?month=2026-12&tz=Europe/Berlin"


@pytest.mark.rule("S3")
def test_former_slug_of_a_link_that_is_over_is_the_404(client: Client, link: PrivateLink) -> None:
    address = expire(link)
    rename(link.event_type, "first-call")

    assert answer_of(lambda: client.get(address)) == answer_of(lambda: client.get(NOTHING))


def test_former_slug_books(client: Client, link: PrivateLink) -> None:
    address = link.get_absolute_url()
    rename(link.event_type, "first-call")

    answer = client.post(address, booking_fields())

    assert (answer.status_code, Booking.objects.count()) == (302, 1)


def rename(event_type: EventType, slug: str) -> None:
    event_type.take_slug(slug)
    event_type.save()


def block_until(event_type: EventType, end: datetime) -> None:
    """Let one meeting keep the host busy from now on."""
    BookingFactory(event_type=event_type, starts_at=NOW, ends_at=end)
