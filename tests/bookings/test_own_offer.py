"""A link's own offer: what the picker shows of the event type, and that nothing else can be booked through the link."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bookings.models import Booking
from bookings.services.booking import Invitee, SlotUnavailableError, book
from bookings.services.rescheduling import reschedule_by_invitee
from bookings.slots import Offer
from eventtypes.models import BookingWindowKind, EventType, Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START, booking_fields
from tests.bookings.test_private_link_page import answer_of
from tests.factories import EventTypeFactory

pytestmark = pytest.mark.usefixtures("clock")

IRIS = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Asia/Tokyo"))
DAY = timedelta(days=1)
# Thursday, the day of START, is the only one.
ONLY_THURSDAY = {"offer_starts_on": date(2026, 12, 3), "offer_ends_on": date(2026, 12, 3)}


@pytest.fixture
def event_type(host: Host) -> EventType:
    """A public event type of 30 minutes, or 15, or 60, with a day's notice."""
    return EventTypeFactory(
        host=host,
        title="Discovery call",
        slug="discovery-call",
        duration_options=[15, 60],
        minimum_notice_minutes=24 * 60,
    )


def narrow(link: PrivateLink, **own_offer: Any) -> PrivateLink:
    PrivateLink.objects.filter(pk=link.pk).update(**own_offer)
    return PrivateLink.objects.with_event_type().get(pk=link.pk)


def book_through(link: PrivateLink, starts_at: datetime = START, duration_minutes: int | None = None) -> Booking:
    return book(
        event_type=link.event_type,
        starts_at=starts_at,
        invitee=IRIS,
        request_key=uuid.uuid4(),
        private_link=link,
        duration_minutes=duration_minutes,
    )


def days_on_offer(link: PrivateLink) -> list[date]:
    slots = Offer(link.event_type, NOW, narrowing=link.narrowing).slots(NOW, NOW + 800 * DAY)
    return sorted({slot.starts_at.astimezone(link.event_type.schedule.time_zone).date() for slot in slots})


# --- Dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own_offer", "days"),
    [
        (ONLY_THURSDAY, [date(2026, 12, 3)]),
        ({"offer_ends_on": date(2026, 12, 4)}, [date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)]),
        ({"offer_starts_on": date(2027, 1, 29)}, [date(2027, 1, 29)]),
        ({"offer_starts_on": date(2027, 2, 1)}, []),
        ({"offer_ends_on": date(2026, 11, 30)}, []),
    ],
)
def test_own_dates_leave_days_of_the_booking_window(
    link: PrivateLink, own_offer: dict[str, date], days: list[date]
) -> None:
    EventType.objects.update(booking_window_kind=BookingWindowKind.DAYS, booking_window_days=60)

    assert days_on_offer(narrow(link, **own_offer)) == days


def test_own_dates_are_days_in_the_zone_of_the_schedule(link: PrivateLink) -> None:
    link.event_type.schedule.time_zone = ZoneInfo("Pacific/Auckland")
    link.event_type.schedule.save()
    link = narrow(link, **ONLY_THURSDAY)

    slots = Offer(link.event_type, NOW, narrowing=link.narrowing).slots(NOW, NOW + 30 * DAY)

    # From 9 to 17 on Thursday in Auckland.
    assert (slots[0].starts_at, slots[-1].ends_at) == (
        datetime(2026, 12, 2, 20, tzinfo=UTC),
        datetime(2026, 12, 3, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize("starts_at", [START - DAY, START + DAY])
def test_date_that_the_link_does_not_offer_cannot_be_booked(link: PrivateLink, starts_at: datetime) -> None:
    link = narrow(link, **ONLY_THURSDAY)

    with pytest.raises(SlotUnavailableError):
        book_through(link, starts_at)

    assert (Booking.objects.count(), PrivateLink.objects.get().usage_count) == (0, 0)


def test_event_type_offers_all_its_dates_beside_the_link(link: PrivateLink) -> None:
    narrow(link, **ONLY_THURSDAY)

    booking = book(event_type=link.event_type, starts_at=START + DAY, invitee=IRIS, request_key=uuid.uuid4())

    assert booking.starts_at == START + DAY


def test_offer_is_the_one_that_is_stored_not_the_one_that_was_read_before(link: PrivateLink) -> None:
    narrow(link, **ONLY_THURSDAY)

    with pytest.raises(SlotUnavailableError):
        book_through(link, START + DAY)


# --- Duration --------------------------------------------------------------------------------------------------------


def test_only_duration_of_a_link_is_its_default(link: PrivateLink) -> None:
    booking = book_through(narrow(link, offer_duration_minutes=60))

    assert booking.ends_at - booking.starts_at == timedelta(hours=1)


@pytest.mark.parametrize("minutes", [15, 30, 45, 0])
def test_other_duration_is_refused_like_a_slot_that_is_not_on_offer(link: PrivateLink, minutes: int) -> None:
    link = narrow(link, offer_duration_minutes=60)

    with pytest.raises(SlotUnavailableError):
        book_through(link, duration_minutes=minutes)


@pytest.mark.parametrize("minutes", [None, 45, 30])
def test_link_offers_nothing_if_the_event_type_has_its_duration_no_more(link: PrivateLink, minutes: int | None) -> None:
    link = narrow(link, offer_duration_minutes=45)

    with pytest.raises(SlotUnavailableError):
        book_through(link, duration_minutes=minutes)

    assert days_on_offer(link) == []


# --- Notice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "first"),
    [
        # It is 09:00 on Tuesday; the event type asks for a day.
        (None, datetime(2026, 12, 2, 8, 0, tzinfo=UTC)),
        (0, datetime(2026, 12, 1, 8, 30, tzinfo=UTC)),
        (120, datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
        (2 * 24 * 60, datetime(2026, 12, 3, 8, 0, tzinfo=UTC)),
    ],
)
def test_own_notice_replaces_that_of_the_event_type(link: PrivateLink, minutes: int | None, first: datetime) -> None:
    link = narrow(link, offer_notice_minutes=minutes)

    found = Offer(link.event_type, NOW, narrowing=link.narrowing).first_slot(NOW)

    assert found is not None
    assert found.starts_at == first
    assert book_through(link, first).starts_at == first


# --- On the page -----------------------------------------------------------------------------------------------------


def test_page_shows_only_what_the_link_offers(client: Client, link: PrivateLink) -> None:
    link = narrow(link, offer_duration_minutes=60, **ONLY_THURSDAY)

    page = client.get(link.get_absolute_url()).text

    assert 'aria-label="Thursday 3 December, 8 times, chosen"' in page
    assert page.count('class="day day-selected"') + page.count('class="day" id=') == 1
    assert 'aria-label="Duration"' not in page
    assert "1 hour" in page


def test_duration_in_the_address_that_the_link_does_not_offer_counts_as_missing(
    client: Client, link: PrivateLink
) -> None:
    link = narrow(link, offer_duration_minutes=60, **ONLY_THURSDAY)

    page = client.get(f"{link.get_absolute_url()}?duration=15&start=2026-12-03T09:00:00Z").text

    assert '<input type="hidden" name="duration" value="60">' in page


def test_form_for_another_duration_is_answered_with_other_times(client: Client, link: PrivateLink) -> None:
    link = narrow(link, offer_duration_minutes=60)

    answer = client.post(link.get_absolute_url(), booking_fields(duration="30"))

    assert (answer.status_code, Booking.objects.count()) == (409, 0)
    assert '<input type="hidden" name="duration" value="60">' in answer.text


def test_page_of_a_link_whose_duration_is_gone_offers_nothing(client: Client, link: PrivateLink) -> None:
    link = narrow(link, offer_duration_minutes=45)

    pages = [client.get(f"{link.get_absolute_url()}{query}") for query in ("", "?start=2026-12-03T09:00:00Z")]

    assert [page.status_code for page in pages] == [200, 200]
    assert ['class="time"' in page.text for page in pages] == [False, False]
    assert ["45 minutes" in page.text for page in pages] == [True, True]


@pytest.mark.parametrize("query", ["", "?month=2026-12", "?start=2026-12-03T09:00:00Z", "?start=2026-12-06T09:00:00Z"])
def test_page_with_an_offer_of_its_own_takes_as_few_queries(client: Client, link: PrivateLink, query: str) -> None:
    link = narrow(link, offer_ends_on=date(2026, 12, 20), offer_duration_minutes=60, offer_notice_minutes=0)

    # With the form, also the questions.
    expected = 5 if query == "?start=2026-12-03T09:00:00Z" else 4
    assert answer_of(lambda: client.get(f"{link.get_absolute_url()}{query}"))[3] == expected


def test_meeting_of_a_duration_that_is_dropped_can_still_be_moved(link: PrivateLink) -> None:
    booking = book_through(narrow(link, offer_duration_minutes=60))
    EventType.objects.update(duration_options=[15])

    moved = reschedule_by_invitee(booking=Booking.objects.get(), starts_at=START + DAY)

    assert (moved.pk, moved.starts_at, moved.duration_minutes) == (booking.pk, START + DAY, 30)
