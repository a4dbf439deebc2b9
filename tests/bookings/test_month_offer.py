"""The month that the picker shows: which slots it has, which months one can turn to, and what it costs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.models import Booking
from bookings.month_offer import MonthOffer, offer_month
from bookings.slots import Offer
from eventtypes.models import BookingWindowKind, EventType
from eventtypes.months import Month
from tests.bookings.booking_forms import NOW
from tests.factories import BookingFactory, EventTypeFactory, HostFactory

BERLIN = ZoneInfo("Europe/Berlin")
AUCKLAND = ZoneInfo("Pacific/Auckland")
HONOLULU = ZoneInfo("Pacific/Honolulu")

DECEMBER, JANUARY, FEBRUARY, MARCH = Month(2026, 12), Month(2027, 1), Month(2027, 2), Month(2027, 3)


@pytest.fixture
def open_dates(event_type: EventType) -> EventType:
    """The event type, bookable from December through March."""
    event_type.booking_window_kind = BookingWindowKind.DATES
    event_type.booking_window_starts_on = date(2026, 12, 1)
    event_type.booking_window_ends_on = date(2027, 3, 31)
    event_type.save()
    return event_type


def month_of(event_type: EventType, asked: Month | None = None, zone: ZoneInfo = BERLIN) -> MonthOffer:
    return offer_month(Offer(event_type, NOW), asked, zone)


def keep_busy(event_type: EventType, first: date, last: date) -> None:
    """Let a meeting last from the first through the last day."""
    start = datetime.combine(first, time(0), BERLIN)
    end = datetime.combine(last + timedelta(days=1), time(0), BERLIN)
    BookingFactory(event_type=event_type, starts_at=start, ends_at=end)


def test_first_month_is_shown_unless_another_is_asked_for(open_dates: EventType) -> None:
    first, third = month_of(open_dates), month_of(open_dates, FEBRUARY)

    assert (first.earlier, first.month, first.later) == (None, DECEMBER, JANUARY)
    assert (third.earlier, third.month, third.later) == (JANUARY, FEBRUARY, MARCH)


@pytest.mark.parametrize(("asked", "shown"), [(Month(2999, 12), MARCH), (Month(1900, 1), DECEMBER)])
def test_months_outside_the_booking_window_are_its_nearest(open_dates: EventType, asked: Month, shown: Month) -> None:
    assert month_of(open_dates, asked).month == shown


def test_last_month_leads_no_further(open_dates: EventType) -> None:
    assert month_of(open_dates, MARCH).later is None


def test_month_without_slots_becomes_the_next_one_that_has(open_dates: EventType) -> None:
    keep_busy(open_dates, date(2026, 12, 1), date(2027, 1, 31))

    month = month_of(open_dates)

    assert (month.earlier, month.month, month.later) == (None, FEBRUARY, MARCH)
    assert min(month.slots) == date(2027, 2, 1)


def test_turning_over_months_without_slots_leads_back_again(open_dates: EventType) -> None:
    keep_busy(open_dates, date(2027, 1, 1), date(2027, 2, 28))

    forwards = month_of(open_dates, JANUARY)
    there = month_of(open_dates, MARCH)

    assert (forwards.month, forwards.earlier) == (MARCH, DECEMBER)
    assert (there.month, there.earlier) == (MARCH, DECEMBER)


def test_first_month_that_has_slots_leads_no_further_back(open_dates: EventType) -> None:
    keep_busy(open_dates, date(2026, 12, 1), date(2027, 1, 31))

    assert month_of(open_dates, FEBRUARY).earlier is None


def test_nothing_left_after_a_month_stays_there(open_dates: EventType) -> None:
    keep_busy(open_dates, date(2027, 1, 1), date(2027, 3, 31))

    month = month_of(open_dates, JANUARY)

    assert (month.earlier, month.month, month.later, month.slots) == (DECEMBER, JANUARY, None, {})


def test_nothing_at_all_says_until_when(open_dates: EventType) -> None:
    keep_busy(open_dates, date(2026, 12, 1), date(2027, 3, 31))

    month = month_of(open_dates)

    assert (month.month, month.slots, month.last_day) == (DECEMBER, {}, date(2027, 3, 31))


def test_booking_window_that_is_over_has_nothing(open_dates: EventType) -> None:
    open_dates.booking_window_starts_on = date(2025, 12, 1)
    open_dates.booking_window_ends_on = date(2025, 12, 31)

    month = month_of(open_dates)

    assert (month.earlier, month.month, month.later, month.slots, month.last_day) == (None, DECEMBER, None, {}, None)


def test_slots_are_on_the_invitees_dates(open_dates: EventType) -> None:
    """From 9 to 17 in Berlin is from 21 to 5 in Auckland: one working day there lies on two dates."""
    in_berlin, in_auckland = month_of(open_dates), month_of(open_dates, zone=AUCKLAND)

    assert len(in_berlin.slots[date(2026, 12, 4)]) == 16
    assert date(2026, 12, 5) not in in_berlin.slots
    assert [slot.starts_at.astimezone(AUCKLAND).time() for slot in in_auckland.slots[date(2026, 12, 5)]] == [
        time(hour, minute) for hour in range(5) for minute in (0, 30)
    ]


def test_month_holds_the_slots_of_the_hosts_days_around_it(open_dates: EventType) -> None:
    """The host's first morning of the year is the last evening of the old one in Honolulu."""
    keep_busy(open_dates, date(2026, 12, 1), date(2026, 12, 31))

    month = month_of(open_dates, DECEMBER, HONOLULU)

    assert [slot.starts_at for slot in month.slots.pop(date(2026, 12, 31))] == [
        datetime(2027, 1, 1, hour, minute, tzinfo=UTC) for hour in (8, 9) for minute in (0, 30)
    ]
    assert month.slots == {}


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        (date(2026, 12, 3), date(2026, 12, 3)),
        (date(2026, 12, 5), date(2026, 12, 7)),
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2027, 12, 1), date(2026, 12, 31)),
    ],
)
def test_nearest_date_is_the_next_one_with_slots(open_dates: EventType, day: date, nearest: date) -> None:
    assert month_of(open_dates, DECEMBER).nearest_date(day) == nearest


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(
    minutes=st.integers(-60, 40 * 24 * 60),
    duration=st.sampled_from([15, 30, 50]),
    zone=st.sampled_from([BERLIN, AUCKLAND, HONOLULU, ZoneInfo("Asia/Kathmandu")]),
    busy=st.lists(st.integers(0, 40 * 48), max_size=5, unique=True),
)
def test_picker_offers_what_the_booking_accepts(minutes: int, duration: int, zone: ZoneInfo, busy: list[int]) -> None:
    host = HostFactory()
    event_type = EventTypeFactory(host=host, duration_minutes=duration, slot_interval_minutes=15)
    for half_hours in busy:
        starts_at = NOW + timedelta(minutes=30 * half_hours)
        BookingFactory(event_type=event_type, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))
    instant = NOW + timedelta(minutes=minutes // 5 * 5)
    offer = Offer(event_type, NOW)

    month = offer_month(offer, Month.containing(instant.astimezone(zone).date()), zone)

    assert month.slot_at(instant) == offer.slot_at(instant)
    Booking.objects.all().delete()
