"""Expiry dates: what is typed means one instant, and is read back as it was typed, in every zone and on every day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privatelinks.expiry import Expiry
from tests.eventtypes.clock_changes import ZONE_NAMES, next_changes
from tests.scale import scaled

# Far west and far east; half hours; clocks that change by half an hour; days that begin at 01:00.
TRICKY_ZONES = [
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Cairo",
    "America/Havana",
]
TIMES = [None, time(0), time(0, 30), time(1), time(1, 45), time(2, 30), time(9), time(23, 30)]


def around(instant: datetime, zone: ZoneInfo) -> list[date]:
    day = instant.astimezone(zone).date()
    return [day + timedelta(days=days) for days in (-2, -1, 0, 1)]


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", "2026-08-31", "2026-08-31 22:00"),
        ("America/Los_Angeles", "2026-08-31", "2026-09-01 07:00"),
        ("Asia/Kolkata", "2026-08-31", "2026-08-31 18:30"),
        ("Pacific/Auckland", "2026-08-31", "2026-08-31 12:00"),
        ("Australia/Lord_Howe", "2026-08-31", "2026-08-31 13:30"),
        # Days on which the clock changes.
        ("Europe/Berlin", "2026-10-25", "2026-10-25 23:00"),
        ("America/Los_Angeles", "2026-11-01", "2026-11-02 08:00"),
        ("Pacific/Auckland", "2026-09-27", "2026-09-27 11:00"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-04 13:00"),
        # The next day begins at 01:00.
        ("America/Santiago", "2026-09-05", "2026-09-06 04:00"),
        ("Africa/Cairo", "2027-04-29", "2027-04-29 22:00"),
        ("America/Havana", "2027-03-13", "2027-03-14 05:00"),
        # The last hour of the day comes twice.
        ("America/Santiago", "2027-04-03", "2027-04-04 04:00"),
    ],
)
def test_date_alone_means_through_the_end_of_that_day(zone: str, day: str, instant: str) -> None:
    expiry = Expiry(date.fromisoformat(day))

    end = expiry.instant(ZoneInfo(zone))

    assert end == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert Expiry.of(end, ZoneInfo(zone)) == expiry


@pytest.mark.parametrize(
    ("zone", "typed", "instant"),
    [
        ("Europe/Berlin", "2026-08-31 14:00", "2026-08-31 12:00"),
        ("Asia/Kolkata", "2026-08-31 14:00", "2026-08-31 08:30"),
        # The time comes twice: the link lives through both.
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 01:30"),
        # The time does not exist: the link ends when the clock jumps over it.
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28 01:00"),
    ],
)
def test_date_and_time_mean_that_instant(zone: str, typed: str, instant: str) -> None:
    wall = datetime.fromisoformat(typed)

    end = Expiry(wall.date(), wall.time()).instant(ZoneInfo(zone))

    assert end == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_midnight_is_the_end_of_the_day_before() -> None:
    end = Expiry(date(2026, 9, 1), time(0)).instant(ZoneInfo("Europe/Berlin"))

    assert Expiry.of(end, ZoneInfo("Europe/Berlin")) == Expiry(date(2026, 8, 31))


@pytest.mark.parametrize("name", TRICKY_ZONES)
def test_what_is_read_back_means_the_same_instant_also_when_the_clock_changes(name: str) -> None:
    zone = ZoneInfo(name)
    days = [day for change in next_changes(zone) for day in around(change, zone)] or [date(2026, 8, 31)]

    for day, moment in product(days, TIMES):
        end = Expiry(day, moment).instant(zone)
        read_back = Expiry.of(end, zone)

        assert read_back.instant(zone) == end
        assert moment is not None or read_back == Expiry(day)


@settings(max_examples=scaled(20_000), deadline=None)
@given(
    name=st.sampled_from(ZONE_NAMES),
    day=st.dates(date(2000, 1, 1), date(2999, 12, 30)),
    moment=st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_every_date_and_time_is_read_back_as_the_same_instant(name: str, day: date, moment: time | None) -> None:
    zone = ZoneInfo(name)

    end = Expiry(day, moment).instant(zone)

    assert Expiry.of(end, zone).instant(zone) == end


def test_the_very_last_day_of_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        Expiry(date.max).instant(ZoneInfo("Europe/Berlin"))
