"""A host's lists of bookings: which booking is in which one, what can be searched for, and how long they are."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingStatus, Party
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from tests.bookings.booking_forms import NOW, START
from tests.bookings.hosts_bookings import DAY, _clock, booking, made
from tests.bookings.queries import count_queries
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory

__all__ = ["_clock", "booking"]

HALF_HOUR = timedelta(minutes=30)


def cancelled(event_type: EventType, starts_at: datetime, name: str) -> Booking:
    return made(event_type, starts_at, name, status=BookingStatus.CANCELLED, cancelled_at=NOW, cancelled_by=Party.HOST)


def names_on(client: Client, address: str) -> list[str]:
    """Return the invitees on the page, in order."""
    return [meeting.booking.invitee_name for day in client.get(address).context["days"] for meeting in day.meetings]


# --- The lists -----------------------------------------------------------------------------------------------------


def test_each_booking_is_in_one_list(host_client: Client, event_type: EventType) -> None:
    made(event_type, NOW - 2 * DAY, "Past long ago")
    made(event_type, NOW - DAY, "Past")
    made(event_type, NOW - HALF_HOUR, "Just over")
    made(event_type, NOW, "Begins now")
    made(event_type, START + DAY, "Later")
    made(event_type, START, "Next")
    cancelled(event_type, START + 2 * DAY, "Called off")

    assert names_on(host_client, "/bookings/upcoming/") == ["Begins now", "Next", "Later"]
    assert names_on(host_client, "/bookings/past/") == ["Just over", "Past", "Past long ago"]
    assert names_on(host_client, "/bookings/cancelled/") == ["Called off"]


def test_bookings_lead_to_the_upcoming_ones(host_client: Client) -> None:
    response = host_client.get("/bookings/")

    assert (response.status_code, response["Location"]) == (302, "/bookings/upcoming/")


def test_there_is_no_other_list(host_client: Client) -> None:
    assert host_client.get("/bookings/rejected/").status_code == 404


def test_times_are_where_the_host_is(host_client: Client, host: Host, event_type: EventType) -> None:
    host.time_zone = "Pacific/Auckland"
    host.save()
    made(event_type, datetime.fromisoformat("2026-12-03T10:45:00Z"), "Night owl")

    day = host_client.get("/bookings/upcoming/").context["days"][0]

    assert day.title == "Thursday 3 December 2026"
    assert day.meetings[0].time == "23:45 – 00:15 (Friday 4 December)"


def test_bookings_of_a_day_stand_together(host_client: Client, event_type: EventType) -> None:
    made(event_type, START, "First")
    made(event_type, START + HALF_HOUR, "Second")
    made(event_type, START + DAY, "Third")

    days = host_client.get("/bookings/upcoming/").context["days"]

    assert [(day.title, len(day.meetings)) for day in days] == [
        ("Thursday 3 December 2026", 2),
        ("Friday 4 December 2026", 1),
    ]


def test_list_names_the_private_link_and_leads_to_it(host_client: Client, booking: Booking) -> None:
    page = host_client.get("/bookings/upcoming/").content.decode()

    assert f'href="/private-links/{booking.private_link_id}/">For Grace</a>' in page


def test_list_names_a_link_that_is_deleted(host_client: Client, booking: Booking, link: PrivateLink) -> None:
    delete_links(links=[link])

    page = host_client.get("/bookings/upcoming/").content.decode()

    assert "For Grace" in page
    assert "/private-links/" not in page.partition("<main")[2]


def test_other_hosts_bookings_are_not_listed(host_client: Client) -> None:
    made(EventTypeFactory(), START, "Not yours")

    assert names_on(host_client, "/bookings/upcoming/") == []


# --- Search, filters, pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["jürgen", "MÜLLER", "mueller@example.org", "discovery", "Müller Discovery", "  jürgen   call "],
)
def test_search_looks_at_names_addresses_and_titles(host_client: Client, event_type: EventType, words: str) -> None:
    made(event_type, START, "Jürgen Müller", invitee_email="mueller@example.org")
    made(EventTypeFactory(host=event_type.host, title="Review"), START + DAY, "Somebody else")

    response = host_client.get("/bookings/upcoming/", {"q": words})

    assert [day.title for day in response.context["days"]] == ["Thursday 3 December 2026"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "discovery nobody"])
def test_search_takes_signs_for_what_they_are(host_client: Client, event_type: EventType, words: str) -> None:
    made(event_type, START, "Jürgen Müller")

    response = host_client.get("/bookings/upcoming/", {"q": words})

    assert response.context["days"] == []
    assert "No bookings match" in response.content.decode()


def test_list_of_one_private_link(host_client: Client, booking: Booking, link: PrivateLink) -> None:
    made(link.event_type, START + DAY, "Without a link")

    assert names_on(host_client, f"/bookings/upcoming/?private_link={link.pk}") == ["Iris Invitee"]


def test_list_of_a_private_link_that_nobody_has_booked_through_is_empty(host_client: Client, booking: Booking) -> None:
    unused = PrivateLinkFactory(event_type=booking.event_type)

    assert names_on(host_client, f"/bookings/upcoming/?private_link={unused.pk}") == []


def test_list_of_one_event_type(host_client: Client, booking: Booking) -> None:
    review = EventTypeFactory(host=booking.host)
    made(review, START + DAY, "Reviewer")

    assert names_on(host_client, f"/bookings/upcoming/?event_type={review.pk}") == ["Reviewer"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("since=2026-12-03", ["Early", "Late", "After"]),
        ("until=2026-12-03", ["Before", "Early", "Late"]),
        ("since=2026-12-03&until=2026-12-03", ["Early", "Late"]),
        ("since=2026-12-05", []),
        ("until=2999-12-31", ["Before", "Early", "Late", "After"]),
    ],
)
def test_list_of_some_days_on_the_hosts_clocks(
    host_client: Client, host: Host, event_type: EventType, query: str, names: list[str]
) -> None:
    host.time_zone = "Pacific/Auckland"
    host.save()
    midnight = datetime.fromisoformat("2026-12-02T11:00:00Z")
    made(event_type, midnight - HALF_HOUR, "Before")
    made(event_type, midnight, "Early")
    made(event_type, midnight + DAY - HALF_HOUR, "Late")
    made(event_type, midnight + DAY, "After")

    assert names_on(host_client, f"/bookings/upcoming/?{query}") == names


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("since=2026-12-04&until=2026-12-03", "until", "The last date may not be before the first."),
        ("since=2026-13-01", "since", "Enter a valid date."),
        ("until=0001-01-01", "until", "Enter a valid date."),
        ("since=9999-12-31", "since", "Enter a valid date."),
    ],
)
def test_day_that_makes_no_sense_is_left_out_and_said_so(
    host_client: Client, event_type: EventType, query: str, field: str, message: str
) -> None:
    made(event_type, START + DAY, "Iris Invitee")

    response = host_client.get(f"/bookings/upcoming/?{query}")

    assert response.context["form"].errors == {field: [message]}
    assert [len(day.meetings) for day in response.context["days"]] == [1]
    assert f'id="filter-{field}_error"' in response.text


@pytest.mark.parametrize(
    "query",
    ["private_link=x", "private_link=99999999999999999999", "event_type=-1", "page=x", "q=%00", f"q={'x' * 201}"],
)
def test_nonsense_in_the_query_counts_as_missing(host_client: Client, booking: Booking, query: str) -> None:
    assert names_on(host_client, f"/bookings/upcoming/?{query}") == ["Iris Invitee"]


def test_tabs_keep_what_is_asked_for(host_client: Client, booking: Booking) -> None:
    asked = {
        "q": "Iris",
        "private_link": f"{booking.private_link_id}",
        "since": "2026-12-01",
        "until": "x",
        "page": "2",
    }

    tabs = host_client.get("/bookings/upcoming/", asked).context["tabs"]

    query = f"q=Iris&private_link={booking.private_link_id}&since=2026-12-01"
    assert [tab.url for tab in tabs] == [
        f"/bookings/upcoming/?{query}",
        f"/bookings/pending/?{query}",
        f"/bookings/past/?{query}",
        f"/bookings/cancelled/?{query}",
    ]


def test_filters_offer_nothing_of_other_hosts(host_client: Client, booking: Booking) -> None:
    foreign = BookingFactory(private_link=PrivateLinkFactory(name="Foreign link"))

    response = host_client.get(f"/bookings/upcoming/?private_link={foreign.private_link_id}")

    assert "Foreign link" not in response.content.decode()
    assert list(response.context["form"].fields["event_type"].queryset) == [booking.event_type]


def test_long_list_has_pages(host_client: Client, event_type: EventType) -> None:
    for number in range(26):
        made(event_type, START + number * DAY, f"Invitee {number}")

    assert names_on(host_client, "/bookings/upcoming/?page=2") == ["Invitee 25"]


def test_lists_take_the_same_queries_for_one_row_and_for_three(host_client: Client, booking: Booking) -> None:
    with CaptureQueriesContext(connection) as with_one:
        host_client.get("/bookings/upcoming/")
    for number in (1, 2):
        event_type = EventTypeFactory(host=booking.host)
        link = PrivateLinkFactory(event_type=event_type)
        made(event_type, START + number * DAY, "Another", private_link=link, private_link_name=link.name)

    with CaptureQueriesContext(connection) as with_three:
        host_client.get("/bookings/upcoming/")

    # Session, host, clock, count of the pending ones, count, bookings, and the choices of two filters.
    assert (count_queries(with_one), count_queries(with_three)) == (8, 8)


@pytest.mark.parametrize(
    ("which", "title"),
    [
        ("upcoming", "No upcoming bookings"),
        ("past", "No past bookings"),
        ("cancelled", "No cancelled bookings"),
    ],
)
def test_empty_list_says_so_and_offers_no_search(host_client: Client, which: str, title: str) -> None:
    page = host_client.get(f"/bookings/{which}/").content.decode()

    assert title in page
    assert 'role="search"' not in page
