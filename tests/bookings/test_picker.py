"""The picker's values: which days are links, what is chosen, and what is said when there is nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.month_offer import offer_month
from bookings.page_query import PageQuery
from bookings.picker import Choice, Day, Link, Picker, Time, build_picker
from bookings.reading_time import Clock, Reader
from bookings.slots import Offer
from eventtypes.models import EventType
from eventtypes.months import Month
from tests.bookings.booking_forms import NOW
from tests.factories import BookingFactory

BERLIN = ZoneInfo("Europe/Berlin")
DECEMBER = PageQuery(month=Month(2026, 12))
IN_BERLIN = Reader(BERLIN, Clock.TWENTY_FOUR)


def picker_of(event_type: EventType, query: PageQuery = DECEMBER, reader: Reader = IN_BERLIN) -> Picker:
    month = offer_month(Offer(event_type, NOW), query.month, reader.zone)
    return build_picker(month, query, reader, reader.date(NOW), event_type.durations)


def days_of(picker: Picker) -> dict[str, Day]:
    return {str(day.date): day for week in picker.weeks for day in week}


def keep_busy(event_type: EventType, start: datetime, end: datetime) -> None:
    BookingFactory(event_type=event_type, starts_at=start, ends_at=end)


def test_month_begins_on_monday_and_has_whole_weeks(event_type: EventType) -> None:
    picker = picker_of(event_type)

    assert picker.month == "December 2026"
    assert [(day.short_name, day.name) for day in picker.weekdays][:2] == [("Mon", "Monday"), ("Tue", "Tuesday")]
    assert [week[0].date for week in picker.weeks] == [
        date(2026, 11, 30) + timedelta(weeks=number) for number in range(5)
    ]


def test_days_with_times_are_links_and_others_are_not(event_type: EventType) -> None:
    days = days_of(picker_of(event_type))

    assert days["2026-12-03"].address == "?month=2026-12&date=2026-12-03&tz=Europe/Berlin"
    assert days["2026-12-03"].label == "Thursday 3 December, 16 times"
    assert days["2026-12-01"].label == "Tuesday 1 December, 15 times, chosen"
    assert days["2026-12-05"].address == ""
    assert (days["2026-11-30"].in_month, days["2026-11-30"].address) == (False, "")


def test_today_is_the_readers(event_type: EventType) -> None:
    in_kiritimati = Reader(ZoneInfo("Pacific/Kiritimati"), Clock.TWENTY_FOUR)

    today = [day.date for day in days_of(picker_of(event_type, reader=in_kiritimati)).values() if day.is_today]

    assert today == [date(2026, 12, 1)]


def test_first_day_with_times_is_chosen_by_itself(event_type: EventType) -> None:
    picker = picker_of(event_type)

    assert picker.day == "Tuesday 1 December"
    assert [str(day.date) for day in days_of(picker).values() if day.is_chosen] == ["2026-12-01"]


def test_times_are_those_of_the_day_that_is_chosen(event_type: EventType) -> None:
    picker = picker_of(event_type, replace(DECEMBER, day=date(2026, 12, 3)))

    assert (picker.day, len(picker.times)) == ("Thursday 3 December", 16)
    assert picker.times[0] == Time(
        label="09:00",
        start="2026-12-03T08:00:00Z",
        address="?month=2026-12&date=2026-12-03&tz=Europe/Berlin&start=2026-12-03T08:00:00Z",
    )


def test_times_are_on_the_readers_clock(event_type: EventType) -> None:
    reader = Reader(ZoneInfo("America/New_York"), Clock.TWELVE)

    picker = picker_of(event_type, replace(DECEMBER, day=date(2026, 12, 3), clock=Clock.TWELVE), reader)

    assert [each.label for each in picker.times][:2] == ["3:00 AM", "3:30 AM"]
    assert picker.clocks == [
        Choice("12 h", "?month=2026-12&date=2026-12-03&tz=America/New_York&clock=12", is_current=True),
        Choice("24 h", "?month=2026-12&date=2026-12-03&tz=America/New_York&clock=24", is_current=False),
    ]


def test_months_beside_it_are_named(event_type: EventType) -> None:
    picker = picker_of(event_type, PageQuery(month=Month(2027, 1)))

    assert picker.earlier == Link("December 2026", "?month=2026-12&tz=Europe/Berlin")
    assert picker.later is None


def test_day_without_times_says_so(event_type: EventType) -> None:
    picker = picker_of(event_type, replace(DECEMBER, day=date(2026, 12, 5)))

    assert (picker.day, picker.times) == ("Saturday 5 December", [])
    assert picker.times_in_words == "No times on this day. Please choose another one."


def test_day_of_another_month_is_not_chosen(event_type: EventType) -> None:
    picker = picker_of(event_type, replace(DECEMBER, day=date(2027, 1, 4)))

    assert picker.day == "Tuesday 1 December"


def test_no_times_in_the_booking_window_is_said_with_its_end(event_type: EventType) -> None:
    keep_busy(event_type, NOW, NOW + timedelta(days=70))

    picker = picker_of(event_type)

    assert (picker.day, picker.times, picker.later) == ("", [], None)
    assert picker.times_in_words == "No times from now until Saturday 30 January 2027. Please look again later."


def test_no_times_in_the_last_month_is_said(event_type: EventType) -> None:
    keep_busy(event_type, datetime.combine(date(2027, 1, 1), time(0), BERLIN), NOW + timedelta(days=70))

    picker = picker_of(event_type, PageQuery(month=Month(2027, 1)))

    assert picker.times_in_words == "No times in January 2027 or later."


def test_time_zone_is_changed_without_losing_the_day(event_type: EventType) -> None:
    picker = picker_of(event_type, replace(DECEMBER, day=date(2026, 12, 3), clock=Clock.TWELVE))

    assert picker.fields == {"month": "2026-12", "date": "2026-12-03", "clock": "12"}
