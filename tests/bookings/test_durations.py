"""Several durations to choose from: in the address, on the page, in the form and in the booking."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bookings.models import Booking
from bookings.page_query import PageQuery
from bookings.picker import Choice, duration_choices
from bookings.services.booking import Invitee, SlotUnavailableError, book
from bookings.slots import Offer
from eventtypes.models import EventType, Host
from eventtypes.months import Month
from eventtypes.slot_rules import Slot
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START, booking_fields
from tests.factories import BookingFactory, EventTypeFactory

pytestmark = pytest.mark.usefixtures("clock")

ADDRESS = "/ada/discovery-call/"
DAY = "date=2026-12-03&tz=Europe/Berlin&clock=24"
HALF_HOUR = timedelta(minutes=30)
IRIS = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def event_type(host: Host) -> EventType:
    """A public event type of 30 minutes, or 15, or 60."""
    return EventTypeFactory(host=host, title="Discovery call", slug="discovery-call", duration_options=[15, 60])


def times_on(page: str) -> int:
    return page.count('class="time"')


def post(client: Client, **changes: str) -> Any:
    return client.post(ADDRESS, booking_fields(**changes))


def minutes_of(booking: Booking) -> float:
    return (booking.ends_at - booking.starts_at) / timedelta(minutes=1)


# --- In the address --------------------------------------------------------------------------------------------------


def test_query_keeps_the_duration() -> None:
    query = PageQuery(duration=60, month=Month(2026, 12))

    assert query.address == "?duration=60&month=2026-12"
    assert PageQuery.parse(query.fields()) == query


@pytest.mark.parametrize("text", ["", "0", "-15", "015", "1.5", "1e1", "1_5", "٣", "x", "15 ", "\x00", "9" * 5000])
def test_duration_that_is_nonsense_counts_as_missing(text: str) -> None:
    assert PageQuery.parse({"duration": text}).duration is None


@pytest.mark.parametrize(("asked", "kept"), [(15, 15), (60, 60), (30, None), (45, None), (None, None)])
def test_query_keeps_no_duration_but_another_one_on_offer(asked: int | None, kept: int | None) -> None:
    assert PageQuery(duration=asked).choosing_from([30, 15, 60]).duration == kept


def test_durations_are_links_that_keep_the_rest() -> None:
    query = PageQuery(month=Month(2026, 12), duration=60)

    assert duration_choices([30, 15, 60], query) == [
        Choice("15 min", "?duration=15&month=2026-12", is_current=False),
        Choice("30 min", "?month=2026-12", is_current=False),
        Choice("1 h", "?duration=60&month=2026-12", is_current=True),
    ]
    assert [choice.is_current for choice in duration_choices([30, 15, 60], replace(query, duration=None))] == [
        False,
        True,
        False,
    ]


def test_single_duration_is_no_choice() -> None:
    assert duration_choices([30], PageQuery()) == []


# --- On the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "times"), [("", 16), ("duration=15", 32), ("duration=60", 8), ("duration=30", 16), ("duration=45", 16)]
)
def test_page_shows_the_times_of_the_duration(client: Client, event_type: EventType, query: str, times: int) -> None:
    assert times_on(client.get(f"{ADDRESS}?{DAY}&{query}").text) == times


def test_page_keeps_the_duration_in_all_its_links(client: Client, event_type: EventType) -> None:
    page = client.get(f"{ADDRESS}?duration=60&{DAY}").text

    links = [part.partition('"')[0] for part in page.split('href="?')[1:]]
    without = [link for link in links if "duration=60" not in link]
    assert without == [
        "duration=15&amp;month=2026-12&amp;date=2026-12-03&amp;tz=Europe/Berlin&amp;clock=24",
        "month=2026-12&amp;date=2026-12-03&amp;tz=Europe/Berlin&amp;clock=24",
    ]
    assert '<input type="hidden" name="duration" value="60">' in page
    assert 'aria-current="true">1 h</a>' in page


def test_page_of_a_single_duration_has_no_choice(client: Client, event_type: EventType) -> None:
    EventType.objects.update(duration_options=[])

    page = client.get(f"{ADDRESS}?duration=60&{DAY}").text

    assert 'aria-label="Duration"' not in page
    assert "<span>30 minutes</span>" in page
    assert "duration=" not in page


def test_form_says_the_duration_and_carries_it(client: Client, event_type: EventType) -> None:
    page = client.get(f"{ADDRESS}?duration=60&{DAY}&start=2026-12-03T09:00:00Z").text

    assert "10:00 – 11:00" in page
    assert "<span>1 hour</span>" in page
    assert '<input type="hidden" name="duration" value="60">' in page
    assert 'href="?duration=60&amp;date=2026-12-03&amp;tz=Europe/Berlin&amp;clock=24"' in page


def test_time_that_is_too_near_for_the_duration_is_gone(client: Client, event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START + HALF_HOUR, ends_at=START + 2 * HALF_HOUR)

    half_an_hour = client.get(f"{ADDRESS}?{DAY}&start=2026-12-03T09:00:00Z").text
    an_hour = client.get(f"{ADDRESS}?duration=60&{DAY}&start=2026-12-03T09:00:00Z").text

    assert "Your details" in half_an_hour
    assert "That time is no longer available." in an_hour


def test_public_page_names_all_durations(client: Client, event_type: EventType) -> None:
    assert "15, 30 or 60 minutes" in client.get("/ada/").text


# --- The form --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sent", "minutes"), [("60", 60), ("15", 15), ("30", 30), ("", 30)])
def test_form_books_the_duration(client: Client, event_type: EventType, sent: str, minutes: int) -> None:
    answer = post(client, duration=sent)

    assert answer.status_code == 302
    assert minutes_of(Booking.objects.get()) == minutes


def test_form_with_a_duration_that_is_not_offered_is_a_conflict(client: Client, event_type: EventType) -> None:
    answer = post(client, duration="45")

    assert answer.status_code == 409
    assert "That time is no longer available. Please choose another one." in answer.text
    assert '<input type="hidden" name="duration" value="30">' in answer.text
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("sent", ["x", "0", "-15", "1.5", "99999999999999999999", "\x00", "9" * 5000])
def test_form_with_a_nonsensical_duration_is_told(client: Client, event_type: EventType, sent: str) -> None:
    answer = post(client, duration=sent)

    assert answer.status_code == 422
    assert "Please choose one of the durations." in answer.text
    assert Booking.objects.count() == 0


def test_other_times_are_of_the_duration_that_was_chosen(client: Client, event_type: EventType) -> None:
    BookingFactory(event_type=event_type, starts_at=START, ends_at=START + HALF_HOUR)

    answer = post(client, duration="60")

    assert answer.status_code == 409
    assert answer.text.count('type="radio"') == 7
    assert '<input type="hidden" name="duration" value="60">' in answer.text
    assert 'href="?duration=60&amp;month=2026-12&amp;date=2026-12-03&amp;tz=Europe/Berlin"' in answer.text


def test_same_form_again_is_the_same_booking_whatever_the_duration(client: Client, event_type: EventType) -> None:
    fields = booking_fields(duration="60")

    first = client.post(ADDRESS, fields)
    again = client.post(ADDRESS, fields | {"duration": "15"})

    assert again.headers["Location"] == first.headers["Location"]
    assert minutes_of(Booking.objects.get()) == 60


# --- The booking -----------------------------------------------------------------------------------------------------


def test_offer_is_of_the_default_duration_unless_told(event_type: EventType) -> None:
    assert Offer(event_type, NOW).slot_at(START) == Slot(START, START + HALF_HOUR)
    assert Offer(event_type, NOW, 60).slot_at(START) == Slot(START, START + 2 * HALF_HOUR)
    assert Offer(event_type, NOW, 60).slot_at(START + HALF_HOUR) is None


def test_offer_keeps_the_slot_interval_for_every_duration(event_type: EventType) -> None:
    event_type.slot_interval_minutes = 30

    assert Offer(event_type, NOW, 60).slot_at(START + HALF_HOUR) == Slot(START + HALF_HOUR, START + 3 * HALF_HOUR)


@pytest.mark.parametrize(
    ("meanwhile", "duration_minutes"),
    [
        ({"duration_options": [15]}, 60),
        ({"duration_minutes": 45}, 30),
        ({}, 45),
        ({}, 0),
        ({}, -60),
    ],
)
def test_duration_that_is_not_offered_any_more_cannot_be_booked(
    link: PrivateLink, meanwhile: dict[str, Any], duration_minutes: int
) -> None:
    EventType.objects.update(**meanwhile)

    with pytest.raises(SlotUnavailableError):
        book(
            event_type=link.event_type,
            private_link=link,
            starts_at=START,
            invitee=IRIS,
            request_key=uuid.uuid4(),
            duration_minutes=duration_minutes,
        )

    link.refresh_from_db()
    assert (Booking.objects.count(), link.usage_count) == (0, 0)


def test_private_link_books_the_duration(client: Client, link: PrivateLink) -> None:
    address = f"{link.get_absolute_url()}?duration=60&{DAY}"

    assert times_on(client.get(address).text) == 8
    assert client.post(address, booking_fields(duration="60")).status_code == 302
    assert minutes_of(Booking.objects.get()) == 60
