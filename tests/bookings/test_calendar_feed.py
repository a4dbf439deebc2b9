"""The calendar feed: what a host's calendar fetches, how rarely it is made anew, and that its URL is a secret."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar, Event
from pytest_django import Settings

from bookings.calendar_files import calendar_uid
from bookings.models import Booking, BookingStatus, CalendarFeed, Move, Party
from bookings.models import calendar_feed as feeds
from bookings.services.calendar_feed import replace_feed_url, switch_feed_off, switch_feed_on
from eventtypes.models import EventType, Host
from eventtypes.usernames import first_segments
from privatelinks.hashes import is_well_formed
from tests.bookings.booking_forms import NOW, START
from tests.bookings.calendars import read_calendar
from tests.bookings.queries import count_queries
from tests.factories import BookingFactory, EventTypeFactory

pytestmark = pytest.mark.usefixtures("clock")

HALF_HOUR = timedelta(minutes=30)
# Three months before NOW.
OLDEST = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
NOBODYS = "/calendar/111111111111111111111A.ics"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "https://book.example.com"


@pytest.fixture
def feed(host: Host) -> CalendarFeed:
    return switch_feed_on(host=host)


@pytest.fixture
def booking(event_type: EventType) -> Booking:
    booking: Booking = BookingFactory(
        event_type=event_type,
        created_at=NOW,
        starts_at=START,
        ics_sequence=2,
        location="Room 1; at the end, left",
        notes="About the garden.\nAnd the house.",
    )
    return booking


def fetch(client: Client, feed: CalendarFeed, **headers: str) -> Any:
    return client.get(feed.get_absolute_url(), headers=headers)


def calendar_of(client: Client, feed: CalendarFeed) -> Calendar:
    calendar = read_calendar(fetch(client, feed).content)
    assert isinstance(calendar, Calendar)
    return calendar


def starts_in(client: Client, feed: CalendarFeed) -> list[date]:
    return sorted(event.start for event in calendar_of(client, feed).events)


# --- What is in it -------------------------------------------------------------------------------------------------


def test_feed_is_a_calendar_with_the_hosts_name(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    calendar = calendar_of(client, feed)

    assert {name: str(calendar[name]) for name in ("VERSION", "METHOD", "NAME", "X-WR-CALNAME")} == {
        "VERSION": "2.0",
        "METHOD": "PUBLISH",
        "NAME": "Bookings of Ada Host",
        "X-WR-CALNAME": "Bookings of Ada Host",
    }
    assert calendar.refresh_interval == timedelta(minutes=15)
    assert calendar["X-PUBLISHED-TTL"] == "PT15M"
    assert calendar.errors == []


def test_meeting_says_what_when_where_and_with_whom(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    event: Event = calendar_of(client, feed).events[0]

    assert set(event) == {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "STATUS",
        "SUMMARY",
        "LOCATION",
        "DESCRIPTION",
        "ORGANIZER",
    }
    assert event["UID"] == calendar_uid(booking)
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CONFIRMED")
    assert (event.stamp, event.start, event.end) == (NOW, START, START + HALF_HOUR)
    assert event["SUMMARY"] == "Discovery call: Ada Host and Iris Invitee"
    assert event["LOCATION"] == "Room 1; at the end, left"
    assert event["DESCRIPTION"] == "Iris Invitee <iris@example.com>\n\nAbout the garden.\nAnd the house."


def test_feed_tells_no_invitees_page(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    ics = fetch(client, feed).content.decode().replace("\r\n ", "")

    assert [secret for secret in (str(booking.uid), booking.uid.hex, feed.hash) if secret in ics] == []


def test_no_text_breaks_out_of_its_line(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    Booking.objects.update(title="x\r\nEND:VCALENDAR", invitee_name="y\nATTENDEE:z", notes="a\r\nURL:b")

    event = calendar_of(client, feed).events[0]

    assert {"ATTENDEE", "URL"} & set(event) == set()
    assert event["SUMMARY"] == "x END:VCALENDAR: Ada Host and y ATTENDEE:z"


def test_feed_has_confirmed_bookings_only(client: Client, feed: CalendarFeed, event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START)
    BookingFactory(event_type=event_type, starts_at=START + HALF_HOUR, status=BookingStatus.PENDING)
    cancelled = {"status": BookingStatus.CANCELLED, "cancelled_at": NOW, "cancelled_by": Party.HOST}
    BookingFactory(event_type=event_type, starts_at=START + 2 * HALF_HOUR, **cancelled)

    assert starts_in(client, feed) == [START]


def test_feed_has_nothing_of_other_hosts(client: Client, feed: CalendarFeed) -> None:
    BookingFactory(event_type=EventTypeFactory(), starts_at=START)

    assert starts_in(client, feed) == []


def test_feed_goes_three_months_back(client: Client, feed: CalendarFeed, event_type: EventType) -> None:
    just_over = OLDEST - HALF_HOUR
    BookingFactory(event_type=event_type, starts_at=just_over)
    BookingFactory(event_type=event_type, starts_at=just_over + HALF_HOUR)

    assert starts_in(client, feed) == [OLDEST]


def test_feed_has_the_latest_meetings_of_too_many(
    client: Client, feed: CalendarFeed, event_type: EventType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MAX_MEETINGS", 2)
    for number in range(3):
        BookingFactory(event_type=event_type, starts_at=START + number * HALF_HOUR)

    assert starts_in(client, feed) == [START + HALF_HOUR, START + 2 * HALF_HOUR]


@pytest.mark.parametrize(("meetings", "expected"), [(0, 2), (1, 3), (3, 3)])
def test_feed_takes_three_queries(
    client: Client, feed: CalendarFeed, event_type: EventType, meetings: int, expected: int
) -> None:
    for number in range(meetings):
        booking = BookingFactory(event_type=event_type, starts_at=START + number * HALF_HOUR, ics_sequence=1)
        former = {"former_starts_at": NOW, "former_ends_at": START}
        Move.objects.create(booking=booking, ics_sequence=1, at=NOW, by="host", was_confirmed=True, **former)

    with CaptureQueriesContext(connection) as queries:
        response = fetch(client, feed)

    # The feed with its host and the clock; the meetings; if there are any, their moves.
    assert (response.status_code, count_queries(queries)) == (200, expected)


# --- Fetched again -------------------------------------------------------------------------------------------------


def test_feed_that_has_not_changed_is_not_sent_again(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    etag = fetch(client, feed)["ETag"]

    again = fetch(client, feed, if_none_match=etag)

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert again["Cache-Control"] == "private, no-cache"


def change_a_name(host: Host, booking: Booking) -> None:
    Host.objects.update(name="Ada L.")


def add_a_meeting(host: Host, booking: Booking) -> None:
    BookingFactory(event_type=booking.event_type, starts_at=START + HALF_HOUR)


def cancel(host: Host, booking: Booking) -> None:
    Booking.objects.update(status=BookingStatus.CANCELLED, cancelled_at=NOW, cancelled_by=Party.HOST)


def move(host: Host, booking: Booking) -> None:
    Booking.objects.update(starts_at=START + HALF_HOUR, ends_at=START + 2 * HALF_HOUR, ics_sequence=3)


def correct_the_notes(host: Host, booking: Booking) -> None:
    Booking.objects.update(notes="About the house.")


@pytest.mark.parametrize("change", [change_a_name, add_a_meeting, cancel, move, correct_the_notes])
def test_feed_that_has_changed_is_sent_again(
    client: Client, host: Host, feed: CalendarFeed, booking: Booking, change: Callable[[Host, Booking], None]
) -> None:
    before = fetch(client, feed)
    change(host, booking)

    after = fetch(client, feed, if_none_match=before["ETag"])

    assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True)
    assert after.content != before.content


def test_same_bookings_make_the_same_file(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    first, second = fetch(client, feed), fetch(client, feed)

    assert (first.content, first["ETag"]) == (second.content, second["ETag"])


def test_head_says_what_a_get_would(client: Client, feed: CalendarFeed, booking: Booking) -> None:
    response = client.head(feed.get_absolute_url())

    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"] == fetch(client, feed)["ETag"]


# --- Its address is a secret ---------------------------------------------------------------------------------------


def test_answer_is_a_calendar_file_that_leaves_no_trace(client: Client, feed: CalendarFeed) -> None:
    response = fetch(client, feed)

    assert {name: response[name] for name in ("Content-Type", "Cache-Control", "X-Robots-Tag", "Referrer-Policy")} == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "strict-origin",
    }
    assert response.cookies == {}


def replace(feed: CalendarFeed) -> str:
    replace_feed_url(host=feed.host)
    return feed.get_absolute_url()


def switch_off(feed: CalendarFeed) -> str:
    switch_feed_off(host=feed.host)
    return feed.get_absolute_url()


def switch_off_and_on(feed: CalendarFeed) -> str:
    switch_feed_off(host=feed.host)
    switch_feed_on(host=feed.host)
    return feed.get_absolute_url()


def deactivate(feed: CalendarFeed) -> str:
    Host.objects.update(is_active=False)
    return feed.get_absolute_url()


def cut_off(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.hash[:-1]}.ics"


def swap_case(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.hash.swapcase()}.ics"


def forget_the_ending(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.hash}"


def add_a_slash(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.hash}.ics/"


def add_a_nul(feed: CalendarFeed) -> str:
    return f"/calendar/{feed.hash}%00.ics"


def go_up(feed: CalendarFeed) -> str:
    return "/calendar/"


def forget_the_slash(feed: CalendarFeed) -> str:
    return "/calendar"


@pytest.mark.parametrize(
    "spoil",
    [
        replace,
        switch_off,
        switch_off_and_on,
        deactivate,
        cut_off,
        swap_case,
        forget_the_ending,
        add_a_slash,
        add_a_nul,
        go_up,
        forget_the_slash,
    ],
)
def test_feeds_that_are_not_there_are_all_the_same(
    client: Client, feed: CalendarFeed, booking: Booking, spoil: Callable[[CalendarFeed], str]
) -> None:
    address = spoil(feed)

    assert answer_at(client, address) == answer_at(client, NOBODYS)


def answer_at(client: Client, address: str) -> tuple[int, bytes, dict[str, str], int]:
    """Return status, body, headers and number of queries, as of a 404."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert (response.status_code, response["Cache-Control"]) == (404, "private, no-store")
    return response.status_code, response.content, dict(response.items()), count_queries(queries)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feed_is_only_read(client: Client, feed: CalendarFeed, method: str) -> None:
    assert getattr(client, method)(feed.get_absolute_url()).status_code == 405


def test_no_host_can_be_called_like_the_feeds() -> None:
    assert "calendar" in first_segments()


# --- The services --------------------------------------------------------------------------------------------------


def test_switching_on_twice_keeps_the_url(host: Host) -> None:
    first, second = switch_feed_on(host=host), switch_feed_on(host=host)

    assert first.hash == second.hash
    assert is_well_formed(first.hash)


def test_replacing_makes_another_url(feed: CalendarFeed) -> None:
    replaced = replace_feed_url(host=feed.host)

    assert replaced.hash != feed.hash
    assert CalendarFeed.objects.get().hash == replaced.hash


def test_feed_that_is_off_has_no_url_to_replace(host: Host) -> None:
    with pytest.raises(CalendarFeed.DoesNotExist):
        replace_feed_url(host=host)


def test_replacing_touches_nobody_elses(feed: CalendarFeed) -> None:
    other = switch_feed_on(host=EventTypeFactory().host)

    replace_feed_url(host=feed.host)
    switch_feed_off(host=feed.host)

    assert [kept.hash for kept in CalendarFeed.objects.all()] == [other.hash]
