"""The list of schedules, making one, and what is done with one as a whole."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.availability import opening_hours
from eventtypes.models import Host, Schedule
from eventtypes.opening_hours import OpeningHours
from eventtypes.services.schedules import OFFICE_HOURS
from eventtypes.views.week_in_words import SameDays, week_in_words
from tests.factories import EventTypeFactory, ScheduleFactory


def messages_of(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]  # type: ignore[attr-defined]


def test_list_shows_week_zone_default_and_use(host_client: Client, host: Host) -> None:
    schedule = ScheduleFactory(host=host, name="Mornings & more", is_default=True)
    EventTypeFactory.create_batch(2, host=host, schedule=schedule)
    ScheduleFactory(name="Somebody else’s")

    page = host_client.get("/availability/").content.decode()

    assert "Mornings &amp; more" in page
    assert "Mon – Fri 09:00 – 17:00" in page
    assert "Europe/Berlin" in page
    assert "2 event types" in " ".join(page.split())
    assert "Default" in page
    assert "Somebody else’s" not in page


def test_list_without_schedules_says_what_to_do(host_client: Client) -> None:
    assert "No schedule yet" in host_client.get("/availability/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_for_one_schedule_and_for_three(
    host_client: Client, host: Host, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ScheduleFactory.create_batch(number, host=host)

    with django_assert_num_queries(4):  # session, host, schedules, their rules
        host_client.get("/availability/")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], []),
        ([(2, time(9), time(12))], [SameDays("Wed", "09:00 – 12:00")]),
        ([(day, time(0), time(0)) for day in range(7)], [SameDays("Mon – Sun", "00:00 – 24:00")]),
        (
            [(0, time(9), time(12)), (0, time(13), time(17)), (1, time(9), time(12)), (1, time(13), time(17))],
            [SameDays("Mon – Tue", "09:00 – 12:00, 13:00 – 17:00")],
        ),
        (
            [(0, time(9), time(12)), (2, time(9), time(12)), (3, time(9), time(13))],
            [SameDays("Mon", "09:00 – 12:00"), SameDays("Wed", "09:00 – 12:00"), SameDays("Thu", "09:00 – 13:00")],
        ),
    ],
)
def test_week_in_words_joins_days_with_the_same_hours(
    db: None, rules: list[tuple[int, time, time]], words: list[SameDays]
) -> None:
    assert week_in_words(ScheduleFactory(rules=rules)) == words


def test_new_schedule_starts_with_office_hours_and_opens_in_the_editor(host_client: Client, host: Host) -> None:
    page = host_client.get("/availability/new/")
    response = host_client.post("/availability/new/", {"name": "Evenings", "time_zone": "Asia/Tokyo"})

    schedule = Schedule.objects.get()
    assert page.context["form"]["time_zone"].value() == "Europe/Berlin"
    assert response.headers["Location"] == f"/availability/{schedule.pk}/"
    assert (schedule.host, schedule.name) == (host, "Evenings")
    assert opening_hours(schedule) == OpeningHours(ZoneInfo("Asia/Tokyo"), OFFICE_HOURS)


def test_new_schedule_without_a_name_is_refused(host_client: Client) -> None:
    response = host_client.post("/availability/new/", {"name": "", "time_zone": "Asia/Tokyo"})

    assert response.status_code == 422
    assert response.context["form"].errors == {"name": ["This field is required."]}
    assert not Schedule.objects.exists()


def test_make_default_says_so(host_client: Client, host: Host) -> None:
    ScheduleFactory(host=host, is_default=True)
    schedule = ScheduleFactory(host=host, name="Evenings")

    response = host_client.post(f"/availability/{schedule.pk}/default/", follow=True)

    assert messages_of(response) == ["New event types now start with “Evenings”."]
    assert Schedule.objects.get(is_default=True) == schedule


def test_duplicate_opens_the_copy(host_client: Client, host: Host) -> None:
    schedule = ScheduleFactory(host=host, name="Evenings")

    response = host_client.post(f"/availability/{schedule.pk}/duplicate/")

    copy = Schedule.objects.exclude(pk=schedule.pk).get()
    assert copy.name == "Evenings (copy)"
    assert response.headers["Location"] == f"/availability/{copy.pk}/"


def test_delete_asks_first(host_client: Client, host: Host) -> None:
    schedule = ScheduleFactory(host=host, name="Evenings")
    ScheduleFactory(host=host)

    page = host_client.get(f"/availability/{schedule.pk}/delete/").content.decode()
    was_there = Schedule.objects.filter(pk=schedule.pk).exists()
    response = host_client.post(f"/availability/{schedule.pk}/delete/", follow=True)

    assert "Delete “Evenings”?" in page
    assert was_there
    assert messages_of(response) == ["“Evenings” is deleted."]
    assert not Schedule.objects.filter(pk=schedule.pk).exists()


def test_delete_of_a_schedule_in_use_names_the_event_types(host_client: Client, host: Host) -> None:
    schedule = ScheduleFactory(host=host, name="Evenings")
    ScheduleFactory(host=host)
    event_type = EventTypeFactory(host=host, schedule=schedule, title="Discovery call")

    response = host_client.post(f"/availability/{schedule.pk}/delete/")

    page = response.content.decode()
    assert response.status_code == 409
    assert "“Evenings” cannot be deleted" in page
    assert f'<a href="/event-types/{event_type.pk}/availability/">Discovery call</a>' in page


def test_delete_of_the_only_schedule_says_why_not(host_client: Client, host: Host) -> None:
    schedule = ScheduleFactory(host=host)

    response = host_client.post(f"/availability/{schedule.pk}/delete/")

    assert response.status_code == 409
    assert "It is your only schedule" in response.content.decode()


@pytest.mark.parametrize("action", ["default", "duplicate"])
def test_what_changes_a_schedule_needs_a_post(host_client: Client, host: Host, action: str) -> None:
    schedule = ScheduleFactory(host=host)

    assert host_client.get(f"/availability/{schedule.pk}/{action}/").status_code == 405
