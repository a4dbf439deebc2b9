"""The slot engine: a test or more for each of its rules, named after it, and named cases of odd clocks.

Rules 6 and 7 are in test_slot_limits.py.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventtypes.booking_window import CalendarDays
from eventtypes.local_time import span_of_days
from eventtypes.opening_hours import DateHours, OpeningHours, WeeklyWindow
from eventtypes.slot_engine import find_first_slot, find_slots, is_offered, slots_by_date
from eventtypes.slot_rules import Busy, Slot
from tests.eventtypes.clock_changes import NOW
from tests.eventtypes.slot_cases import (
    BERLIN,
    FRIDAY,
    THURSDAY,
    berlin,
    daily,
    meeting,
    minutes,
    rules,
    slots_on,
    starts,
)

# --- 1. Weekly windows -------------------------------------------------------------------------------------------


def test_rule_1_windows_are_wall_clock_times_of_their_weekday_in_the_schedules_zone() -> None:
    hours = OpeningHours(BERLIN, (WeeklyWindow(3, time(9), time(11)), WeeklyWindow(4, time(15), time(16))))

    slots = slots_on(hours, rules(), THURSDAY, date(2026, 12, 9))

    assert slots == [
        Slot(berlin("12-03 09:00"), berlin("12-03 10:00")),
        Slot(berlin("12-03 10:00"), berlin("12-03 11:00")),
        Slot(berlin("12-04 15:00"), berlin("12-04 16:00")),
    ]


def test_rule_1_overlapping_and_touching_windows_of_one_day_have_one_grid() -> None:
    hours = daily("09:00-10:30", "10:30-12:00", "11:00-13:00")

    assert starts(hours, rules()) == ["09:00", "10:00", "11:00", "12:00"]


def test_rule_1_windows_apart_have_grids_of_their_own() -> None:
    hours = daily("09:00-10:30", "10:45-12:00")

    assert starts(hours, rules()) == ["09:00", "10:45"]


def test_rule_1_end_of_00_00_is_midnight_at_the_end_of_the_day() -> None:
    hours = daily("22:00-00:00")

    assert starts(hours, rules()) == ["22:00", "23:00"]


def test_rule_1_meeting_runs_over_midnight_where_windows_touch_but_each_day_keeps_its_grid() -> None:
    hours = daily("22:10-00:00", "00:00-01:10")

    assert starts(hours, rules(interval=minutes(30))) == ["00:00", "22:10", "22:40", "23:10", "23:40"]


def test_rule_1_meeting_over_midnight_can_be_booked() -> None:
    hours = daily("22:10-00:00", "00:00-01:10")

    assert is_offered(hours, rules(interval=minutes(30)), [], now=NOW, starts_at=berlin("12-03 23:40"))


def test_rule_1_meeting_ends_by_midnight_where_windows_do_not_touch() -> None:
    hours = daily("22:10-00:00", "00:05-01:10")

    assert starts(hours, rules(interval=minutes(30))) == ["00:05", "22:10", "22:40"]


def test_rule_1_meeting_may_be_longer_than_a_day_where_all_windows_touch() -> None:
    hours = daily("00:00-00:00", overrides=(DateHours(date(2026, 12, 5)),))

    slots = slots_on(hours, rules(duration=25 * 60, interval=minutes(720)), THURSDAY, date(2026, 12, 5))

    assert [slot.starts_at for slot in slots] == [berlin("12-03 00:00"), berlin("12-03 12:00")]


# --- 2. Date overrides -------------------------------------------------------------------------------------------


def test_rule_2_override_replaces_the_windows_of_its_date() -> None:
    override = DateHours(THURSDAY, ((time(14), time(15)), (time(18), time(19))))

    hours = daily("09:00-11:00", overrides=(override,))

    assert (starts(hours, rules()), starts(hours, rules(), FRIDAY)) == (["14:00", "18:00"], ["09:00", "10:00"])


def test_rule_2_override_without_windows_is_a_day_off() -> None:
    hours = daily("09:00-11:00", overrides=(DateHours(THURSDAY),))

    assert (starts(hours, rules()), starts(hours, rules(), FRIDAY)) == ([], ["09:00", "10:00"])


# --- 3. Clock changes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "window", "duration", "found"),
    [
        ("Europe/Berlin", "2027-03-28", "01:00-04:00", 60, ["01:00", "03:00"]),
        ("Europe/Berlin", "2027-03-28", "01:30-04:00", 60, ["01:30"]),
        ("Europe/Berlin", "2027-03-28", "02:30-05:00", 60, ["03:00", "04:00"]),
        ("Europe/Berlin", "2027-03-28", "01:00-02:30", 60, ["01:00"]),
        ("Europe/Berlin", "2027-03-28", "02:00-03:00", 15, []),
        ("Europe/Berlin", "2027-10-31", "01:00-03:00", 60, ["01:00", "02:00", "02:00"]),
        ("Europe/Berlin", "2027-10-31", "02:30-03:00", 30, ["02:30", "02:00", "02:30"]),
        ("Europe/Berlin", "2027-10-31", "01:30-02:00", 60, ["01:30"]),
        ("Australia/Lord_Howe", "2027-10-03", "01:00-03:30", 60, ["01:00", "02:30"]),
        ("Australia/Lord_Howe", "2027-04-04", "01:00-03:00", 60, ["01:00", "01:30"]),
        ("Asia/Kathmandu", "2026-12-03", "09:00-11:00", 60, ["09:00", "10:00"]),
        ("Pacific/Chatham", "2027-09-26", "01:45-05:00", 60, ["01:45", "03:45"]),
        ("Pacific/Chatham", "2027-04-04", "02:00-04:00", 60, ["02:00", "03:00", "03:00"]),
        ("Pacific/Kiritimati", "2026-12-31", "22:00-00:00", 60, ["22:00", "23:00"]),
        # The clock in Casablanca goes back for Ramadan, and forward after it.
        ("Africa/Casablanca", "2027-02-07", "01:00-04:00", 60, ["01:00", "02:00", "02:00", "03:00"]),
        ("Africa/Casablanca", "2027-03-14", "01:00-04:00", 60, ["01:00", "03:00"]),
        # The clock in Troll skips two hours at once.
        ("Antarctica/Troll", "2027-03-28", "00:00-05:00", 60, ["00:00", "03:00", "04:00"]),
        ("Antarctica/Troll", "2027-10-31", "00:00-03:00", 60, ["00:00", "01:00", "02:00", "01:00", "02:00"]),
        ("America/Santiago", "2027-09-05", "00:00-03:00", 60, ["01:00", "02:00"]),
        ("America/Santiago", "2027-04-03", "22:00-00:00", 60, ["22:00", "23:00", "23:00"]),
        ("America/Havana", "2027-11-07", "00:00-02:00", 60, ["00:00", "00:00", "01:00"]),
        ("America/Nuuk", "2027-03-27", "21:00-00:00", 60, ["21:00", "22:00"]),
        ("Europe/Berlin", "2028-02-29", "22:00-00:00", 60, ["22:00", "23:00"]),
        ("Europe/Berlin", "2026-12-31", "22:00-00:00", 60, ["22:00", "23:00"]),
    ],
)
def test_rule_3_window_offers_the_minutes_that_really_pass(
    zone: str, day: str, window: str, duration: int, found: list[str]
) -> None:
    hours = daily(window, zone=zone)

    assert starts(hours, rules(duration), date.fromisoformat(day)) == found


def test_rule_3_windows_that_come_to_touch_have_one_grid() -> None:
    hours = daily("01:00-02:00", "03:00-05:00")

    assert starts(hours, rules(duration=45), date(2027, 3, 28)) == ["01:00", "01:45", "03:30", "04:15"]


def test_rule_3_around_the_clock_no_instant_is_offered_twice_or_left_out() -> None:
    hours = daily("00:00-00:00", zone="Africa/Cairo")

    slots = slots_on(hours, rules(), date(2027, 10, 27), date(2027, 10, 30))

    assert [slot.starts_at - slots[0].starts_at for slot in slots] == [minutes(60 * hour) for hour in range(4 * 24 + 1)]


def test_rule_3_day_that_never_was_offers_nothing_and_its_neighbours_touch() -> None:
    hours = daily("00:00-01:00", "23:00-00:00", zone="Pacific/Apia")

    slots = slots_on(
        hours,
        rules(duration=90, interval=minutes(30)),
        date(2011, 12, 29),
        date(2011, 12, 31),
        now=datetime(2011, 12, 1, tzinfo=UTC),
    )

    assert [f"{slot.starts_at.astimezone(hours.zone):%d %H:%M}" for slot in slots] == [
        "29 23:00",
        "29 23:30",
        "31 23:00",
        "31 23:30",
    ]


# --- 4. Grid -----------------------------------------------------------------------------------------------------


def test_rule_4_starts_lie_at_the_opening_plus_multiples_of_the_duration() -> None:
    assert starts(daily("09:05-11:00"), rules(duration=25)) == ["09:05", "09:30", "09:55", "10:20"]


def test_rule_4_slot_interval_takes_the_place_of_the_duration() -> None:
    assert starts(daily("09:00-10:30"), rules(interval=minutes(20))) == ["09:00", "09:20"]


def test_rule_4_meeting_must_fit_into_the_open_time() -> None:
    assert starts(daily("09:00-09:59", "13:00-14:00"), rules()) == ["13:00"]


def test_rule_4_grid_does_not_depend_on_meetings() -> None:
    busy = [meeting("12-03 09:10", length=20)]

    assert starts(daily("09:00-12:00"), rules(), busy=busy) == ["10:00", "11:00"]


def test_rule_4_grid_does_not_depend_on_the_range_asked_for() -> None:
    hours = daily("09:00-12:00")

    slots = find_slots(hours, rules(duration=30), [], now=NOW, start=berlin("12-03 09:10"), end=berlin("12-03 10:30"))

    assert [slot.starts_at for slot in slots] == [berlin("12-03 09:30"), berlin("12-03 10:00")]


def test_rule_4_range_may_be_given_in_any_zone() -> None:
    hours = daily("09:00-10:00")

    slots = find_slots(
        hours,
        rules(),
        [],
        now=NOW.astimezone(BERLIN),
        start=datetime(2026, 12, 3, tzinfo=BERLIN),
        end=datetime(2026, 12, 4, tzinfo=BERLIN),
    )

    assert [(slot.starts_at, slot.starts_at.tzinfo) for slot in slots] == [(berlin("12-03 09:00"), UTC)]


def test_rule_4_empty_range_offers_nothing() -> None:
    at_nine = berlin("12-03 09:00")

    assert find_slots(daily("09:00-12:00"), rules(), [], now=NOW, start=at_nine, end=at_nine) == []


# --- 5. Busy -----------------------------------------------------------------------------------------------------


def test_rule_5_meetings_may_touch_but_not_overlap() -> None:
    busy = [meeting("12-03 10:00")]

    assert starts(daily("09:00-12:00"), rules(interval=minutes(15)), busy=busy) == ["09:00", "11:00"]


@pytest.mark.parametrize(
    ("own_after", "their_before", "found"),
    [(0, 0, ["09:00"]), (1, 0, []), (0, 1, []), (15, 5, []), (5, 15, [])],
)
def test_rule_5_gap_before_a_meeting_is_the_larger_buffer(own_after: int, their_before: int, found: list[str]) -> None:
    busy = [meeting("12-03 10:00", before=their_before)]

    assert starts(daily("09:00-11:00"), rules(buffer_after=minutes(own_after)), busy=busy) == found


@pytest.mark.parametrize(
    ("their_after", "own_before", "found"),
    [
        (0, 0, ["10:00", "10:10", "10:20", "10:30"]),
        (10, 0, ["10:10", "10:20", "10:30"]),
        (0, 10, ["10:10", "10:20", "10:30"]),
        (10, 20, ["10:20", "10:30"]),
        (20, 10, ["10:20", "10:30"]),
    ],
)
def test_rule_5_gap_after_a_meeting_is_the_larger_buffer(their_after: int, own_before: int, found: list[str]) -> None:
    busy = [meeting("12-03 09:00", after=their_after)]
    asked = rules(duration=30, interval=minutes(10), buffer_before=minutes(own_before))

    assert starts(daily("09:00-11:00"), asked, busy=busy) == found


def test_rule_5_buffers_on_the_far_sides_do_not_matter() -> None:
    busy = [meeting("12-03 10:00", before=0, after=60), meeting("12-03 08:00", before=60, after=0)]

    assert starts(daily("09:00-10:00"), rules(), busy=busy) == ["09:00"]


def test_rule_5_buffers_may_lie_outside_the_open_time() -> None:
    asked = rules(buffer_before=minutes(30), buffer_after=minutes(30))

    assert starts(daily("09:00-10:00"), asked) == ["09:00"]


def test_rule_5_meetings_of_other_event_types_are_in_the_way_too() -> None:
    busy = [meeting("12-03 09:00", counts=False), meeting("12-03 10:00", counts=True)]

    assert starts(daily("09:00-12:00"), rules(), busy=busy) == ["11:00"]


def test_rule_5_meetings_with_odd_seconds_are_kept_clear_of_exactly() -> None:
    ends_at = berlin("12-03 10:00") + timedelta(microseconds=1)
    busy = [Busy(berlin("12-03 09:30"), ends_at)]

    assert starts(daily("09:00-12:00"), rules(duration=30), busy=busy) == ["09:00", "10:30", "11:00", "11:30"]


# --- 8. Durations ------------------------------------------------------------------------------------------------


def test_rule_8_another_duration_is_asked_for_with_the_same_rules() -> None:
    asked = rules(duration=15)
    hours = daily("09:00-10:30")

    found = [starts(hours, replace(asked, duration=minutes(duration))) for duration in (15, 30, 60)]

    assert found == [
        ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15"],
        ["09:00", "09:30", "10:00"],
        ["09:00"],
    ]


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ({"duration": minutes(0)}, "The duration and the slot interval must be positive."),
        ({"interval": minutes(0)}, "The duration and the slot interval must be positive."),
        ({"interval": minutes(-5)}, "The duration and the slot interval must be positive."),
        ({"buffer_after": minutes(1441)}, "A buffer is too long."),
    ],
)
def test_rule_8_rules_that_would_never_end_are_refused(odd: dict[str, timedelta], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(rules(), **odd)  # type: ignore[arg-type]


# --- 9. The invitee's day ----------------------------------------------------------------------------------------


def test_rule_9_invitees_day_may_lie_on_two_of_the_hosts() -> None:
    hours = daily("09:00-11:00", "20:00-22:00")
    tokyo = ZoneInfo("Asia/Tokyo")
    day = span_of_days(FRIDAY, FRIDAY, tokyo)

    slots = find_slots(hours, rules(), [], now=NOW, start=day.start, end=day.end)

    assert {
        shown: [f"{slot.starts_at.astimezone(tokyo):%H:%M}" for slot in of_date]
        for shown, of_date in slots_by_date(slots, tokyo).items()
    } == {FRIDAY: ["04:00", "05:00", "17:00", "18:00"]}


def test_rule_9_month_knows_its_days_with_times_in_the_invitees_zone() -> None:
    hours = OpeningHours(BERLIN, (WeeklyWindow(3, time(20), time(22)),))
    december = span_of_days(date(2026, 12, 1), date(2026, 12, 31), BERLIN)

    slots = find_slots(hours, rules(), [], now=NOW, start=december.start, end=december.end)

    assert list(slots_by_date(slots, ZoneInfo("Asia/Tokyo"))) == [
        date(2026, 12, 4),
        date(2026, 12, 11),
        date(2026, 12, 18),
        date(2026, 12, 25),
        date(2027, 1, 1),
    ]


# --- The other questions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_at", "offered"),
    [
        (berlin("12-03 09:00"), True),
        (berlin("12-03 09:00").astimezone(ZoneInfo("Asia/Tokyo")), True),
        (berlin("12-03 09:00") + timedelta(microseconds=1), False),
        (berlin("12-03 09:30"), False),
        (berlin("12-03 10:00"), False),
        (berlin("12-03 10:30"), False),
        (berlin("12-03 12:00"), False),
        (NOW - timedelta(days=1), False),
        (datetime.max.replace(tzinfo=UTC), False),
        (datetime.min.replace(tzinfo=UTC), False),
    ],
)
def test_offered_is_what_the_picker_shows(starts_at: datetime, *, offered: bool) -> None:
    busy = [meeting("12-03 10:00")]

    assert is_offered(daily("09:00-12:00"), rules(), busy, now=NOW, starts_at=starts_at) == offered


def test_first_slot_may_lie_months_ahead() -> None:
    hours = OpeningHours(BERLIN, overrides=(DateHours(date(2028, 2, 29), ((time(9), time(10)),)),))

    slot = find_first_slot(hours, rules(), [], now=NOW, start=NOW)

    assert slot == Slot(datetime(2028, 2, 29, 8, tzinfo=UTC), datetime(2028, 2, 29, 9, tzinfo=UTC))


def test_first_slot_is_not_before_the_start() -> None:
    slot = find_first_slot(daily("09:00-12:00"), rules(), [], now=NOW, start=berlin("12-03 09:01"))

    assert slot == Slot(berlin("12-03 10:00"), berlin("12-03 11:00"))


def test_first_slot_is_none_if_the_booking_window_has_none_left() -> None:
    asked = rules(booking_window=CalendarDays(10))

    slot = find_first_slot(daily("09:00-12:00"), asked, [], now=NOW, start=berlin("12-01 00:00"))

    assert slot is None
