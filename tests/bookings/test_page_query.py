"""The query of a booking page: read back what was written, and nonsense is missing."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.page_query import PageQuery, parse_date, parse_instant
from bookings.reading_time import Clock
from eventtypes.months import Month

ADDRESS = "?month=2026-12&date=2026-12-03&tz=Europe/Berlin&clock=24&start=2026-12-03T09:00:00Z"
QUERY = PageQuery(
    month=Month(2026, 12),
    day=date(2026, 12, 3),
    zone=ZoneInfo("Europe/Berlin"),
    start=datetime(2026, 12, 3, 9, tzinfo=UTC),
    clock=Clock.TWENTY_FOUR,
)


def test_query_is_written_as_it_is_read() -> None:
    fields = dict(pair.split("=") for pair in ADDRESS[1:].split("&"))

    assert PageQuery.parse(fields) == QUERY
    assert QUERY.address == ADDRESS


def test_what_is_missing_is_not_written() -> None:
    assert PageQuery(month=Month(2026, 12)).address == "?month=2026-12"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"month": "2026-13", "date": "2026-02-30", "tz": "Factory", "start": "tomorrow", "clock": "13"},
        {"month": "2026-1", "date": "20261203", "tz": "europe/berlin", "start": "2026-12-03T09:00:00+01:00"},
        {"month": "\x00", "date": "2026-W49-4", "tz": "posixrules", "start": "2026-12-03T09:00:00", "clock": "\x00"},
        {"start": "0001-01-01T00:00:00Z", "tz": "", "date": "", "month": "", "clock": ""},
        {"start": "9999-12-31T24:00:00Z", "tz": "localtime"},
    ],
)
def test_nonsense_counts_as_missing(fields: dict[str, str]) -> None:
    assert PageQuery.parse(fields) == PageQuery()


def test_far_months_become_the_nearest_sane_ones() -> None:
    assert PageQuery.parse({"month": "9999-12"}).month == Month(2999, 12)
    assert PageQuery.parse({"month": "0000-01"}).month == Month(1900, 1)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    PageQuery.parse(dict.fromkeys(["month", "date", "tz", "start", "clock"], text))


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 12, 31)))  # noqa: DTZ001 - made aware below
def test_instants_are_read_back(wall: datetime) -> None:
    instant = wall.replace(microsecond=0, tzinfo=UTC)
    query = PageQuery(start=instant)

    assert parse_instant(query.fields()["start"]) == instant


@given(st.dates())
def test_dates_are_read_back(day: date) -> None:
    assert parse_date(str(day)) == day
