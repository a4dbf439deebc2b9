"""Local time: what wall-clock times and days mean where the clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventtypes.local_time import (
    closing_instant,
    end_of_day,
    opening_instant,
    resolve_local,
    span_of_days,
    start_of_day,
    whole_day_ending_at,
)
from tests.eventtypes.clock_changes import ZONE_NAMES, next_changes
from tests.scale import sampled, scaled


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "opens", "closes"),
    [
        ("Europe/Berlin", "2026-12-03 09:00", "2026-12-03 08:00", "2026-12-03 08:00"),
        ("Asia/Kathmandu", "2026-12-03 09:00", "2026-12-03 03:15", "2026-12-03 03:15"),
        ("Pacific/Kiritimati", "2026-12-03 09:00", "2026-12-02 19:00", "2026-12-02 19:00"),
        # Skipped: from 02:00 to 03:00, or in Lord Howe to 02:30.
        ("Europe/Berlin", "2027-03-28 02:00", "2027-03-28 01:00", "2027-03-28 01:00"),
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28 01:00", "2027-03-28 01:00"),
        ("Europe/Berlin", "2027-03-28 03:00", "2027-03-28 01:00", "2027-03-28 01:00"),
        ("Australia/Lord_Howe", "2027-10-03 02:15", "2027-10-02 15:30", "2027-10-02 15:30"),
        # Skipped: the last hour of the day, and the two first ones after midnight in Troll's spring.
        ("America/Nuuk", "2027-03-27 23:15", "2027-03-28 01:00", "2027-03-28 01:00"),
        ("Antarctica/Troll", "2027-03-28 02:59", "2027-03-28 01:00", "2027-03-28 01:00"),
        # Shown twice: from 02:00 to 03:00, or in Lord Howe from 01:30 to 02:00.
        ("Europe/Berlin", "2027-10-31 01:59", "2027-10-30 23:59", "2027-10-30 23:59"),
        ("Europe/Berlin", "2027-10-31 02:00", "2027-10-31 00:00", "2027-10-31 01:00"),
        ("Europe/Berlin", "2027-10-31 02:30", "2027-10-31 00:30", "2027-10-31 01:30"),
        ("Europe/Berlin", "2027-10-31 03:00", "2027-10-31 02:00", "2027-10-31 02:00"),
        ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45", "2027-04-03 15:15"),
        ("Antarctica/Troll", "2027-10-31 01:30", "2027-10-30 23:30", "2027-10-31 01:30"),
        ("Pacific/Chatham", "2027-04-04 03:00", "2027-04-03 13:15", "2027-04-03 14:15"),
    ],
)
def test_wall_clock_time_opens_at_the_first_and_closes_at_the_second(
    zone: str, wall: str, opens: str, closes: str
) -> None:
    typed = datetime.fromisoformat(wall)

    instants = opening_instant(typed, ZoneInfo(zone)), closing_instant(typed, ZoneInfo(zone))

    assert instants == (utc(opens), utc(closes))


def test_wall_clock_time_in_a_gap_is_the_change_to_the_microsecond() -> None:
    typed = datetime.fromisoformat("2027-03-28 02:17:05.123457")

    instant = opening_instant(typed, ZoneInfo("Europe/Berlin"))

    assert instant == utc("2027-03-28 01:00")


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-12-03 18:00", "2026-12-03 17:00"),
        ("2027-03-28 02:30", "2027-03-28 01:00"),
        ("2027-10-31 02:30", "2027-10-31 01:30"),
    ],
)
def test_expiry_with_a_time_is_a_closing_time(wall: str, instant: str) -> None:
    resolved = resolve_local(datetime.fromisoformat(wall), ZoneInfo("Europe/Berlin"))

    assert resolved == utc(instant)


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        ("America/Los_Angeles", "2026-08-31", "2026-08-31 07:00"),
        ("Asia/Kolkata", "2026-08-31", "2026-08-30 18:30"),
        ("Pacific/Auckland", "2026-12-03", "2026-12-02 11:00"),
        ("Pacific/Kiritimati", "2026-12-03", "2026-12-02 10:00"),
        ("Australia/Lord_Howe", "2027-10-03", "2027-10-02 13:30"),
        ("Australia/Lord_Howe", "2027-10-04", "2027-10-03 13:00"),
        # Days that begin at 01:00.
        ("America/Santiago", "2027-09-05", "2027-09-05 04:00"),
        ("Africa/Cairo", "2027-04-30", "2027-04-29 22:00"),
        ("America/Havana", "2027-03-14", "2027-03-14 05:00"),
        ("Asia/Beirut", "2027-03-28", "2027-03-27 22:00"),
        # The clock is put back to 00:00, so that the day's first hour comes twice.
        ("America/Havana", "2027-11-07", "2027-11-07 04:00"),
        ("Atlantic/Azores", "2027-10-31", "2027-10-31 00:00"),
        # The clock is put back at midnight, so that the last hour of the day before comes twice.
        ("America/Santiago", "2027-04-04", "2027-04-04 04:00"),
        ("Africa/Cairo", "2027-10-29", "2027-10-28 22:00"),
        # The clock is put forward from 23:00 to midnight.
        ("America/Nuuk", "2027-03-28", "2027-03-28 01:00"),
        # The day that never was, and the one that it begins with.
        ("Pacific/Apia", "2011-12-30", "2011-12-30 10:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30 10:00"),
        ("Europe/Berlin", "2028-02-29", "2028-02-28 23:00"),
        ("Europe/Berlin", "2027-01-01", "2026-12-31 23:00"),
    ],
)
def test_day_starts_at_its_first_instant(zone: str, day: str, starts: str) -> None:
    instant = start_of_day(date.fromisoformat(day), ZoneInfo(zone))

    assert instant == utc(starts)


def test_day_ends_when_the_next_begins() -> None:
    instant = end_of_day(date(2027, 9, 4), ZoneInfo("America/Santiago"))

    assert instant == utc("2027-09-05 04:00")


def test_span_of_days_is_from_the_first_through_the_last() -> None:
    span = span_of_days(date(2027, 3, 27), date(2027, 3, 28), ZoneInfo("Europe/Berlin"))

    assert (span.start, span.end) == (utc("2027-03-26 23:00"), utc("2027-03-28 22:00"))


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Europe/Berlin", "2026-08-31 22:00", date(2026, 8, 31)),
        ("Europe/Berlin", "2026-08-31 22:00:00.000001", None),
        ("Europe/Berlin", "2026-08-31 21:59:59.999999", None),
        ("America/Los_Angeles", "2026-08-31 22:00", None),
        ("America/Santiago", "2027-09-05 04:00", date(2027, 9, 4)),
        # The second 00:00 of a day is no start of it.
        ("America/Havana", "2027-11-07 04:00", date(2027, 11, 6)),
        ("America/Havana", "2027-11-07 05:00", None),
        # 29 and 30 December ended together, as the 30th never was.
        ("Pacific/Apia", "2011-12-30 10:00", date(2011, 12, 29)),
        ("UTC", "9999-12-31 12:00", None),
    ],
)
def test_whole_day_ends_at_the_start_of_a_day_only(zone: str, instant: str, day: date | None) -> None:
    whole_day = whole_day_ending_at(utc(instant), ZoneInfo(zone))

    assert whole_day == day


def test_whole_day_is_found_for_an_instant_in_another_zone() -> None:
    instant = utc("2026-08-31 22:00").astimezone(ZoneInfo("Asia/Tokyo"))

    assert whole_day_ending_at(instant, ZoneInfo("Europe/Berlin")) == date(2026, 8, 31)


def test_last_day_of_the_calendar_has_no_end() -> None:
    with pytest.raises(OverflowError):
        end_of_day(date.max, ZoneInfo("UTC"))


@settings(max_examples=scaled(20_000), deadline=None)
@given(st.sampled_from(ZONE_NAMES), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_end_of_day_and_whole_day_are_inverse(zone_name: str, day: date) -> None:
    zone = ZoneInfo(zone_name)

    instant = end_of_day(day, zone)

    never_was = instant == start_of_day(day, zone)
    assert (whole_day_ending_at(instant, zone) == day) != never_was
    assert whole_day_ending_at(instant + datetime.resolution, zone) is None


@pytest.mark.parametrize("zone_name", sampled(ZONE_NAMES))
def test_end_of_day_and_whole_day_are_inverse_around_clock_changes(zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    days = [
        change.astimezone(zone).date() + timedelta(days=offset)
        for change in next_changes(zone)
        for offset in range(-2, 3)
    ]

    found = [whole_day_ending_at(end_of_day(day, zone), zone) for day in days]

    assert found == days


@pytest.mark.parametrize("zone_name", sampled(ZONE_NAMES))
def test_days_have_no_instant_before_their_start(zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    days = [
        change.astimezone(zone).date() + timedelta(days=offset) for change in next_changes(zone) for offset in (0, 1)
    ]

    starts = [start_of_day(day, zone) for day in days]

    assert [start.astimezone(zone).date() for start in starts] == days
    assert all(
        (start - datetime.resolution).astimezone(zone).date() < day for start, day in zip(starts, days, strict=True)
    )
