"""A list of the host's bookings as a CSV file: what is in it, of which bookings, and that nothing in it is run."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import Booking, BookingStatus, Party
from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import NOW, START
from tests.csv_files import content_of, rows_of
from tests.factories import BookingFactory

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(clock: None) -> None:
    """It is NOW."""


def made(event_type: EventType, name: str, **values: Any) -> Booking:
    booking: Booking = BookingFactory(event_type=event_type, invitee_name=name, **values)
    return booking


def names(client: Client, which: str, **asked: Any) -> list[str]:
    return [row["Invitee"] for row in rows_of(client.get(f"/bookings/{which}/bookings.csv", asked))]


def test_row_has_the_times_of_the_host_and_of_everybody_and_the_links_name(
    host_client: Client, link: PrivateLink
) -> None:
    made(
        link.event_type,
        "Iris Invitee",
        private_link=link,
        private_link_name="For Grace",
        holds_use=True,
        title="Discovery call",
        location_kind="host_calls",
        invitee_phone="0123 456",
        guests=["bo@example.com", "cy@example.com"],
        answers=[
            {"question": "Which?", "kind": "choices", "answer": ["Front", "Back"]},
            {"question": "Vegetarian?", "kind": "yes_no", "answer": True},
        ],
        notes="About the garden.\nAnd the house.",
        invitee_time_zone="America/New_York",
        # Where it is 02:30 twice: for the second time.
        starts_at=datetime(2030, 10, 27, 1, 30, tzinfo=UTC),
        ends_at=datetime(2030, 10, 27, 2, 0, tzinfo=UTC),
        created_at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    )

    (row,) = rows_of(host_client.get("/bookings/upcoming/bookings.csv"))

    assert row == {
        "Title": "Discovery call",
        "Status": "Confirmed",
        "Starts (Europe/Berlin)": "2030-10-27 02:30",
        "Ends (Europe/Berlin)": "2030-10-27 03:00",
        "Starts (UTC)": "2030-10-27T01:30:00Z",
        "Ends (UTC)": "2030-10-27T02:00:00Z",
        "Invitee": "Iris Invitee",
        "E-mail address": "iris@example.com",
        "Invitee's time zone": "America/New York",
        "Phone number": "0123 456",
        "Location": "Ada Host calls Iris Invitee: 0123 456",
        "Guests": "bo@example.com, cy@example.com",
        "Answers": "Which?\nFront, Back\n\nVegetarian?\nYes",
        "Notes": "About the garden.\nAnd the house.",
        "Private link": "For Grace",
        "Booked (UTC)": "2026-01-02T03:04:05Z",
        "Declined (UTC)": "",
        "Cancelled (UTC)": "",
        "Cancelled by": "",
        "Reason": "",
        "No-show": "",
    }


def test_cancelled_booking_says_when_and_by_whom(host_client: Client, event_type: EventType) -> None:
    made(
        event_type,
        "Gone",
        starts_at=START,
        status=BookingStatus.CANCELLED,
        cancelled_at=NOW,
        cancelled_by=Party.INVITEE,
        reason="=1+1",
    )

    (row,) = rows_of(host_client.get("/bookings/cancelled/bookings.csv"))

    told = (row["Status"], row["Cancelled (UTC)"], row["Cancelled by"], row["Reason"])
    assert told == ("Cancelled", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", "Invitee", "'=1+1")


def test_declined_booking_says_when_and_why(host_client: Client, event_type: EventType) -> None:
    made(event_type, "Gone", starts_at=START, status=BookingStatus.DECLINED, declined_at=NOW, reason="Away.")

    (row,) = rows_of(host_client.get("/bookings/cancelled/bookings.csv"))

    told = (row["Status"], row["Declined (UTC)"], row["Cancelled (UTC)"], row["Reason"])
    assert told == ("Declined", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", "", "Away.")


def test_no_show_is_marked(host_client: Client, event_type: EventType) -> None:
    made(event_type, "Came", starts_at=NOW - DAY)
    made(event_type, "Missing", starts_at=NOW - 2 * DAY, is_no_show=True)

    rows = rows_of(host_client.get("/bookings/past/bookings.csv"))

    assert [(row["Invitee"], row["No-show"]) for row in rows] == [("Came", ""), ("Missing", "Yes")]


def test_name_of_a_link_that_is_deleted_stays(host_client: Client, link: PrivateLink) -> None:
    made(link.event_type, "Iris", private_link=link, private_link_name="For Grace", holds_use=True, starts_at=START)
    delete_links(links=[link])

    (row,) = rows_of(host_client.get("/bookings/upcoming/bookings.csv"))

    assert row["Private link"] == "For Grace"


def test_each_list_has_a_file_of_its_own_in_its_order(host_client: Client, event_type: EventType) -> None:
    made(event_type, "Second", starts_at=NOW + 2 * DAY)
    made(event_type, "First", starts_at=NOW + DAY)
    made(event_type, "Yesterday", starts_at=NOW - DAY)
    made(event_type, "Before", starts_at=NOW - 2 * DAY)
    made(event_type, "Gone", starts_at=START, status=BookingStatus.CANCELLED, cancelled_at=NOW)
    BookingFactory(invitee_name="Of another host")

    assert names(host_client, "upcoming") == ["First", "Second"]
    assert names(host_client, "past") == ["Yesterday", "Before"]
    assert names(host_client, "cancelled") == ["Gone"]


def test_file_is_narrowed_as_the_list_is(host_client: Client, link: PrivateLink) -> None:
    made(link.event_type, "Grace", starts_at=NOW + DAY, private_link=link, private_link_name="x", holds_use=True)
    made(link.event_type, "Ian", starts_at=NOW + 2 * DAY)

    found = [
        names(host_client, "upcoming", q="grace"),
        names(host_client, "upcoming", private_link=link.pk),
        names(host_client, "upcoming", event_type=link.event_type.pk),
        names(host_client, "upcoming", q="nobody"),
        names(host_client, "upcoming", q="\0", event_type="x", private_link="9" * 30),
    ]

    assert found == [["Grace"], ["Grace"], ["Grace", "Ian"], [], ["Grace", "Ian"]]


def test_text_is_never_run(host_client: Client, event_type: EventType) -> None:
    made(
        event_type,
        "=1+1",
        starts_at=START,
        invitee_email="+x@example.com",
        notes="-2;=3",
        title="@SUM(1)",
        location="\t=1",
        private_link_name="＝1",
        invitee_phone="+44 1",
        guests=["=1@example.com"],
        answers=[{"question": "=1?", "kind": "line", "answer": "=2"}],
    )

    (row,) = rows_of(host_client.get("/bookings/upcoming/bookings.csv"))

    cells = [row[heading] for heading in ("Invitee", "E-mail address", "Notes", "Title", "Location", "Private link")]
    assert cells == ["'=1+1", "'+x@example.com", "'-2;'=3", "'@SUM(1)", "'\t'=1", "'＝1"]
    cells = [row[heading] for heading in ("Phone number", "Guests", "Answers")]
    assert cells == ["'+44 1", "'=1@example.com", "'=1?\n'=2"]


def test_file_has_a_name_and_is_kept_by_nobody_on_the_way(host_client: Client, event_type: EventType) -> None:
    response = host_client.get("/bookings/past/bookings.csv")

    today = NOW.astimezone(event_type.host.time_zone).date()
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Disposition"] == f'attachment; filename="bookings-past-{today}.csv"'


def test_list_leads_to_the_file_of_what_it_shows(host_client: Client, event_type: EventType) -> None:
    made(event_type, "Grace", starts_at=START)

    page = host_client.get("/bookings/upcoming/?q=grace&page=1").text
    nothing_found = host_client.get("/bookings/upcoming/?q=nobody").text

    assert 'href="/bookings/upcoming/bookings.csv?q=grace"' in page
    assert "bookings.csv" not in nothing_found


@pytest.mark.parametrize("number", [1, 30])
def test_file_needs_the_same_queries_for_any_number_of_bookings(
    host_client: Client, event_type: EventType, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        made(event_type, "Iris", starts_at=START + place * DAY)
    host_client.get("/bookings/upcoming/")

    # The session, the host, the clock, and the bookings.
    with django_assert_num_queries(4):
        content = content_of(host_client.get("/bookings/upcoming/bookings.csv"))

    assert content.count(b"\r\n") == number + 1


def test_list_that_there_is_not_has_no_file(host_client: Client) -> None:
    assert host_client.get("/bookings/nonsense/bookings.csv").status_code == HTTPStatus.NOT_FOUND


def test_visitor_is_led_to_the_log_in(client: Client) -> None:
    address = "/bookings/upcoming/bookings.csv"

    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"
