"""Opening hours: the open time that weekly windows and date overrides make of given days."""

from datetime import UTC, date, datetime, time

import pytest

from eventtypes.opening_hours import DateHours, OpeningHours, WeeklyWindow, openings
from tests.eventtypes.slot_cases import BERLIN, THURSDAY, daily, window


def opened(hours: OpeningHours, first: date, last: date | None = None) -> list[str]:
    """Return the openings of the days in UTC, as "03 08:00-16:00" (the day is that of the start)."""
    return [f"{each.start:%d %H:%M}-{each.end:%H:%M}" for each in openings(hours, first, last or first)]


def test_windows_are_wall_clock_times_of_their_weekday() -> None:
    hours = OpeningHours(BERLIN, (WeeklyWindow(3, time(9), time(12)), WeeklyWindow(4, time(14), time(18))))

    found = openings(hours, date(2026, 11, 30), date(2026, 12, 6))

    assert [(each.start, each.end) for each in found] == [
        (datetime(2026, 12, 3, 8, tzinfo=UTC), datetime(2026, 12, 3, 11, tzinfo=UTC)),
        (datetime(2026, 12, 4, 13, tzinfo=UTC), datetime(2026, 12, 4, 17, tzinfo=UTC)),
    ]


def test_windows_of_one_day_that_touch_or_overlap_merge() -> None:
    hours = daily("14:00-16:00", "09:00-11:00", "11:00-12:00", "15:00-17:00")

    assert opened(hours, THURSDAY) == ["03 08:00-11:00", "03 13:00-16:00"]


def test_window_that_ends_at_midnight_ends_with_the_day() -> None:
    hours = daily("22:00-00:00", "00:00-01:00")

    assert opened(hours, THURSDAY, date(2026, 12, 4)) == [
        "02 23:00-00:00",
        "03 21:00-23:00",
        "03 23:00-00:00",
        "04 21:00-23:00",
    ]


def test_window_from_midnight_to_midnight_is_the_whole_day() -> None:
    hours = daily("00:00-00:00")

    assert opened(hours, THURSDAY) == ["02 23:00-23:00"]


def test_override_replaces_the_windows_of_its_date() -> None:
    override = DateHours(THURSDAY, (window("10:00-11:00"), window("18:00-19:00")))
    hours = daily("09:00-12:00", overrides=(override,))

    assert opened(hours, THURSDAY, date(2026, 12, 4)) == ["03 09:00-10:00", "03 17:00-18:00", "04 08:00-11:00"]


def test_override_opens_a_day_without_weekly_windows() -> None:
    hours = OpeningHours(BERLIN, overrides=(DateHours(THURSDAY, (window("10:00-11:00"),)),))

    assert opened(hours, THURSDAY) == ["03 09:00-10:00"]


def test_override_without_windows_is_a_day_off() -> None:
    hours = daily("09:00-12:00", overrides=(DateHours(THURSDAY),))

    assert opened(hours, THURSDAY, date(2026, 12, 4)) == ["04 08:00-11:00"]


def test_overrides_of_one_date_add_up() -> None:
    overrides = (DateHours(THURSDAY), DateHours(THURSDAY, (window("10:00-11:00"),)))

    assert opened(daily("09:00-12:00", overrides=overrides), THURSDAY) == ["03 09:00-10:00"]


@pytest.mark.parametrize(
    ("zone", "day", "windows", "found"),
    [
        # Berlin skips 02:00 to 03:00: the window has three hours, the one within the gap none.
        ("Europe/Berlin", "2027-03-28", ["00:00-04:00"], ["27 23:00-02:00"]),
        ("Europe/Berlin", "2027-03-28", ["02:00-03:00"], []),
        ("Europe/Berlin", "2027-03-28", ["02:15-02:45"], []),
        ("Europe/Berlin", "2027-03-28", ["02:30-03:30"], ["28 01:00-01:30"]),
        ("Europe/Berlin", "2027-03-28", ["01:00-02:30"], ["28 00:00-01:00"]),
        # Two windows that the skipped hour lay between come to touch.
        ("Europe/Berlin", "2027-03-28", ["01:00-02:00", "03:00-04:00"], ["28 00:00-02:00"]),
        # Berlin has 02:00 to 03:00 twice: the window has five hours.
        ("Europe/Berlin", "2027-10-31", ["00:00-04:00"], ["30 22:00-03:00"]),
        ("Europe/Berlin", "2027-10-31", ["02:15-02:45"], ["31 00:15-01:45"]),
        ("Europe/Berlin", "2027-10-31", ["01:00-02:00"], ["30 23:00-01:00"]),
        # Two windows, both open in the hour that comes twice, come to overlap.
        ("Europe/Berlin", "2027-10-31", ["01:00-02:20", "02:40-04:00"], ["30 23:00-03:00"]),
        ("Australia/Lord_Howe", "2027-10-03", ["01:00-03:00"], ["02 14:30-16:00"]),
        ("Australia/Lord_Howe", "2027-04-04", ["01:00-03:00"], ["03 14:00-16:30"]),
        ("America/Santiago", "2027-09-05", ["00:00-02:00"], ["05 04:00-05:00"]),
        # Havana's first hour comes twice: the day before ends, as always, when the next begins.
        ("America/Havana", "2027-11-06", ["22:00-00:00"], ["07 02:00-04:00"]),
        ("America/Havana", "2027-11-07", ["00:00-01:00"], ["07 04:00-06:00"]),
        # Cairo's last hour comes twice.
        ("Africa/Cairo", "2027-10-28", ["22:00-00:00"], ["28 19:00-22:00"]),
        ("Africa/Cairo", "2027-10-28", ["22:00-23:30"], ["28 19:00-21:30"]),
        # Nuuk skips the last hour of the day.
        ("America/Nuuk", "2027-03-27", ["22:00-23:30"], ["28 00:00-01:00"]),
        ("America/Nuuk", "2027-03-27", ["23:00-00:00"], []),
        # The day that never was.
        ("Pacific/Apia", "2011-12-30", ["00:00-00:00"], []),
    ],
)
def test_window_has_as_many_minutes_as_really_pass(zone: str, day: str, windows: list[str], found: list[str]) -> None:
    assert opened(daily(*windows, zone=zone), date.fromisoformat(day)) == found


def test_opening_never_reaches_into_the_next_day() -> None:
    # Until 2011 the clock in Goose Bay was put back at 00:01 to 23:01, so that the second 23:30 came after midnight.
    hours = daily("23:00-23:30", "00:00-00:30", zone="America/Goose_Bay")

    found = opened(hours, date(2010, 11, 6), date(2010, 11, 7))

    assert found == ["06 03:00-03:30", "07 02:00-03:00", "07 03:00-04:30", "08 03:00-03:30"]
