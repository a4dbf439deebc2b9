"""What a host does with schedules, and what is refused."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from eventtypes.availability import opening_hours
from eventtypes.models import Host, Schedule
from eventtypes.opening_hours import DateHours, OpeningHours, WeeklyWindow
from eventtypes.services.schedules import (
    OFFICE_HOURS,
    OnlyScheduleError,
    ScheduleInUseError,
    create,
    delete,
    duplicate,
    ensure_default_schedule,
    make_default,
    save,
)
from tests.factories import EventTypeFactory, ScheduleFactory

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
HOURS = OpeningHours(
    TOKYO,
    (WeeklyWindow(0, time(8), time(12)), WeeklyWindow(0, time(13), time(0))),
    (
        DateHours(date(2030, 5, 1)),
        DateHours(date(2030, 5, 2), ((time(9), time(10)), (time(15), time(16)))),
    ),
)


def defaults_of(host: Host) -> list[str]:
    return list(Schedule.objects.filter(host=host, is_default=True).values_list("name", flat=True))


def test_default_is_made_once_in_the_hosts_zone(host: Host) -> None:
    first = ensure_default_schedule(host=host)
    second = ensure_default_schedule(host=host)

    assert first == second
    assert first.is_default
    assert opening_hours(first) == OpeningHours(BERLIN, OFFICE_HOURS)


def test_default_is_a_schedule_of_the_host_if_there_is_one(host: Host) -> None:
    schedule = ScheduleFactory(host=host, is_default=False)

    found = ensure_default_schedule(host=host)

    assert found == schedule
    assert defaults_of(host) == [schedule.name]


def test_create_makes_only_the_first_one_the_default(host: Host) -> None:
    create(host=host, name="First", hours=HOURS)
    create(host=host, name="Second", hours=HOURS)

    assert defaults_of(host) == ["First"]


def test_save_replaces_name_zone_and_hours(host: Host) -> None:
    schedule = ScheduleFactory(host=host)

    save(schedule=schedule, name="Japan", hours=HOURS)

    schedule.refresh_from_db()
    assert schedule.name == "Japan"
    assert opening_hours(schedule) == HOURS


def test_save_in_another_zone_keeps_the_times_on_the_clock(host: Host) -> None:
    schedule = ScheduleFactory(host=host)
    hours = opening_hours(schedule)

    save(schedule=schedule, name=schedule.name, hours=OpeningHours(TOKYO, hours.weekly))

    schedule.refresh_from_db()
    assert opening_hours(schedule) == OpeningHours(TOKYO, OFFICE_HOURS)


def test_make_default_leaves_exactly_one(host: Host) -> None:
    ScheduleFactory(host=host, name="Old", is_default=True)
    new = ScheduleFactory(host=host, name="New")
    others = ScheduleFactory(name="Somebody else’s", is_default=True)

    make_default(schedule=new)

    assert defaults_of(host) == ["New"]
    assert defaults_of(others.host) == ["Somebody else’s"]


def test_duplicate_copies_the_hours_and_is_not_the_default(host: Host) -> None:
    original = create(host=host, name="x" * 100, hours=HOURS)

    copy = duplicate(schedule=original)

    assert (copy.name, copy.is_default) == ("x" * 93 + " (copy)", False)
    assert opening_hours(copy) == HOURS
    assert opening_hours(original) == HOURS


def test_delete_refuses_a_schedule_in_use_and_names_the_event_types(host: Host) -> None:
    schedule = ScheduleFactory(host=host)
    ScheduleFactory(host=host)
    EventTypeFactory(host=host, schedule=schedule, title="Discovery call")

    with pytest.raises(ScheduleInUseError) as caught:
        delete(schedule=schedule)

    assert caught.value.titles == ["Discovery call"]
    assert Schedule.objects.filter(pk=schedule.pk).exists()


def test_delete_refuses_the_only_schedule(host: Host) -> None:
    schedule = ScheduleFactory(host=host, is_default=True)
    ScheduleFactory(name="Somebody else’s")

    with pytest.raises(OnlyScheduleError):
        delete(schedule=schedule)

    assert Schedule.objects.filter(pk=schedule.pk).exists()


def test_delete_of_the_default_makes_the_next_one_the_default(host: Host) -> None:
    default = ScheduleFactory(host=host, name="Default", is_default=True)
    ScheduleFactory(host=host, name="Evenings")

    delete(schedule=default)

    assert defaults_of(host) == ["Evenings"]
