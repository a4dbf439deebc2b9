"""Opening dates: what is typed means one instant, and is read back as it was typed, in every zone and on every day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privatelinks.expiry import Expiry
from privatelinks.opening import Opening
from tests.eventtypes.clock_changes import ZONE_NAMES, next_changes
from tests.privatelinks.test_expiry import TIMES, TRICKY_ZONES, around
from tests.scale import scaled


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", "2026-09-01", "2026-08-31 22:00"),
        ("America/Los_Angeles", "2026-09-01", "2026-09-01 07:00"),
        ("Asia/Kolkata", "2026-09-01", "2026-08-31 18:30"),
        ("Australia/Lord_Howe", "2026-09-01", "2026-08-31 13:30"),
        # Days on which the clock changes.
        ("Europe/Berlin", "2026-10-25", "2026-10-24 22:00"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03 13:30"),
        # The day begins at 01:00.
        ("America/Santiago", "2026-09-06", "2026-09-06 04:00"),
        ("Africa/Cairo", "2027-04-30", "2027-04-29 22:00"),
        ("America/Havana", "2027-03-14", "2027-03-14 05:00"),
        # Midnight comes twice: the day before has its last hour twice, and this one begins after the second.
        ("America/Santiago", "2027-04-04", "2027-04-04 04:00"),
    ],
)
def test_date_alone_means_the_start_of_that_day(zone: str, day: str, instant: str) -> None:
    opening = Opening(date.fromisoformat(day))

    start = opening.instant(ZoneInfo(zone))

    assert start == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert Opening.of(start, ZoneInfo(zone)) == opening


@pytest.mark.parametrize(
    ("zone", "typed", "instant"),
    [
        ("Europe/Berlin", "2026-08-31 14:00", "2026-08-31 12:00"),
        ("Asia/Kolkata", "2026-08-31 14:00", "2026-08-31 08:30"),
        # The time comes twice: the link opens at the first.
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        # The time does not exist: the link opens when the clock jumps over it.
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28 01:00"),
    ],
)
def test_date_and_time_mean_that_instant(zone: str, typed: str, instant: str) -> None:
    wall = datetime.fromisoformat(typed)

    start = Opening(wall.date(), wall.time()).instant(ZoneInfo(zone))

    assert start == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_midnight_is_the_start_of_the_day() -> None:
    start = Opening(date(2026, 9, 1), time(0)).instant(ZoneInfo("Europe/Berlin"))

    assert Opening.of(start, ZoneInfo("Europe/Berlin")) == Opening(date(2026, 9, 1))


def test_first_time_of_a_day_that_begins_at_one_is_its_start() -> None:
    start = Opening(date(2026, 9, 6), time(1)).instant(ZoneInfo("America/Santiago"))

    assert Opening.of(start, ZoneInfo("America/Santiago")) == Opening(date(2026, 9, 6))


@pytest.mark.parametrize("name", TRICKY_ZONES)
def test_link_that_expires_with_one_day_and_opens_with_the_next_leaves_no_gap(name: str) -> None:
    zone = ZoneInfo(name)
    days = [day for change in next_changes(zone) for day in around(change, zone)] or [date(2026, 8, 31)]

    for day in days:
        assert Opening(day + timedelta(days=1)).instant(zone) == Expiry(day).instant(zone)


@pytest.mark.parametrize("name", TRICKY_ZONES)
def test_what_is_read_back_means_the_same_instant_also_when_the_clock_changes(name: str) -> None:
    zone = ZoneInfo(name)
    days = [day for change in next_changes(zone) for day in around(change, zone)] or [date(2026, 8, 31)]

    for day, moment in product(days, TIMES):
        start = Opening(day, moment).instant(zone)
        read_back = Opening.of(start, zone)

        assert read_back.instant(zone) == start
        assert moment is not None or read_back == Opening(day)


@settings(max_examples=scaled(20_000), deadline=None)
@given(
    name=st.sampled_from(ZONE_NAMES),
    day=st.dates(date(2000, 1, 1), date(2999, 12, 30)),
    moment=st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_every_date_and_time_is_read_back_as_the_same_instant(name: str, day: date, moment: time | None) -> None:
    zone = ZoneInfo(name)

    start = Opening(day, moment).instant(zone)

    assert Opening.of(start, zone).instant(zone) == start


@settings(max_examples=scaled(20_000), deadline=None)
@given(
    name=st.sampled_from(ZONE_NAMES),
    day=st.dates(date(2000, 1, 1), date(2999, 12, 30)),
    moment=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_no_time_of_a_day_opens_before_the_day_does(name: str, day: date, moment: time) -> None:
    zone = ZoneInfo(name)

    assert Opening(day, moment).instant(zone) >= Opening(day).instant(zone)


def test_the_very_first_day_of_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        Opening(date.min).instant(ZoneInfo("Europe/Berlin"))
