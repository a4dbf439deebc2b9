"""How times are read: in zones, on clocks of 12 and 24 hours, and where it is the same time twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bookings.reading_time import Clock, Reader, clock_of_language, zone_name

BERLIN = ZoneInfo("Europe/Berlin")
IN_BERLIN = Reader(BERLIN, Clock.TWENTY_FOUR)
IN_NEW_YORK = Reader(ZoneInfo("America/New_York"), Clock.TWELVE)


@pytest.mark.parametrize(
    ("hour", "in_berlin", "in_new_york"), [(9, "10:00", "4:00 AM"), (0, "01:00", "7:00 PM"), (5, "06:00", "12:00 AM")]
)
def test_time_is_the_readers(hour: int, in_berlin: str, in_new_york: str) -> None:
    instant = datetime(2026, 12, 3, hour, tzinfo=UTC)

    assert (IN_BERLIN.time(instant), IN_NEW_YORK.time(instant)) == (in_berlin, in_new_york)


def test_time_that_exists_twice_says_which_it_is() -> None:
    times = [IN_BERLIN.time(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1, 2)]

    assert times == ["02:30 (CEST)", "02:30 (CET)", "03:30"]


def test_span_names_the_day_and_a_second_one_if_there_is() -> None:
    start, end = datetime(2026, 12, 3, 22, 30, tzinfo=UTC), datetime(2026, 12, 3, 23, 30, tzinfo=UTC)

    assert IN_BERLIN.span(start, end) == "Thursday 3 December 2026, 23:30 – Friday 4 December 2026, 00:30"
    assert IN_NEW_YORK.span(start, end) == "Thursday 3 December 2026, 5:30 PM – 6:30 PM"


@pytest.mark.parametrize(
    ("accept_language", "clock"),
    [
        ("en-US,en;q=0.9", Clock.TWELVE),
        ("en-AU", Clock.TWELVE),
        ("en", Clock.TWELVE),
        ("hi-IN", Clock.TWELVE),
        ("en-GB,en-US;q=0.9", Clock.TWENTY_FOUR),
        ("de", Clock.TWENTY_FOUR),
        ("fr-CA", Clock.TWENTY_FOUR),
        ("zh-Hans-CN", Clock.TWENTY_FOUR),
        ("", Clock.TWENTY_FOUR),
        ("*", Clock.TWENTY_FOUR),
        ("\x00;;,-", Clock.TWENTY_FOUR),
    ],
)
def test_clock_is_the_usual_one_of_the_language(accept_language: str, clock: Clock) -> None:
    assert clock_of_language(accept_language) == clock


def test_zone_is_written_as_people_do() -> None:
    assert zone_name(ZoneInfo("America/New_York")) == "America/New York"
    assert zone_name(ZoneInfo("Asia/Calcutta")) == "Asia/Kolkata"
