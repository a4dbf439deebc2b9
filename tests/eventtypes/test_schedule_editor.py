"""The availability editor: rows come and go before anything is stored, and Save stores the whole or nothing."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.forms import Form
from django.test import Client

from eventtypes.availability import opening_hours
from eventtypes.forms.schedules import MAX_DATES, MAX_WINDOWS_OF_DATES, MAX_WINDOWS_PER_WEEKDAY, ScheduleEditor
from eventtypes.models import DateOverride, Host, Schedule
from eventtypes.opening_hours import DateHours, OpeningHours, WeeklyWindow
from tests.factories import ScheduleFactory

NOW = "2030-01-15T12:00:00Z"
NAME = {"name": "Working hours", "time_zone": "Europe/Berlin"}
BERLIN = ZoneInfo("Europe/Berlin")

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def schedule(host: Host) -> Schedule:
    """A schedule with hours on Mondays only."""
    return ScheduleFactory(host=host, rules=[(0, time(9), time(17))])


@pytest.fixture
def path(schedule: Schedule) -> str:
    return f"/availability/{schedule.pk}/"


def typed(editor: ScheduleEditor) -> dict[str, list[tuple[str, str]]]:
    """Return the texts in the rows of hours, by weekday."""
    rows = {str(day.name): [(w["start"].value(), w["end"].value()) for w in day.windows] for day in editor.weekdays}
    return {name: windows for name, windows in rows.items() if windows}


def errors(editor: ScheduleEditor) -> list[str]:
    """Return all messages that stand beside a field."""
    forms: list[Form] = [editor.form]
    for day in editor.weekdays:
        forms += day.windows
    for rows in editor.dates:
        forms += [rows.form, *rows.windows]
    return [str(message) for form in forms for messages in form.errors.values() for message in messages]


def test_editor_shows_what_is_stored(host_client: Client, schedule: Schedule, path: str) -> None:
    DateOverride.objects.create(schedule=schedule, date=date(2030, 2, 1))
    DateOverride.objects.create(schedule=schedule, date=date(2030, 2, 2), start_time=time(10), end_time=time(0))

    editor = host_client.get(path).context["editor"]

    assert typed(editor) == {"Monday": [("09:00", "17:00")]}
    assert [(rows.form["date"].value(), rows.form["is_day_off"].value()) for rows in editor.dates] == [
        ("2030-02-01", "on"),
        ("2030-02-02", ""),
    ]
    assert editor.dates[1].windows[0]["end"].value() == "00:00"


def test_editor_leaves_out_dates_that_have_passed_in_the_schedules_zone(host_client: Client, host: Host) -> None:
    schedule = ScheduleFactory(host=host, time_zone="Pacific/Kiritimati")
    for day in (15, 16):
        DateOverride.objects.create(schedule=schedule, date=date(2030, 1, day))

    editor = host_client.get(f"/availability/{schedule.pk}/").context["editor"]

    assert [rows.form["date"].value() for rows in editor.dates] == ["2030-01-16"]


def test_save_stores_name_zone_week_and_dates(host_client: Client, schedule: Schedule, path: str) -> None:
    fields = {
        "name": "  Summer  hours ",
        "time_zone": "Asia/Tokyo",
        "weekday-1-0-start": "13:00",
        "weekday-1-0-end": "00:00",
        "weekday-1-7-start": "08:15",
        "weekday-1-7-end": "11:59",
        "weekday-2-0-start": "",
        "weekday-2-0-end": "",
        "date-3-date": "2030-02-01",
        "date-3-is_day_off": "on",
        "date-3-0-start": "not read",
        "date-3-0-end": "",
        "date-4-date": "2030-02-02",
        "date-4-0-start": "10:00",
        "date-4-0-end": "12:00",
        "date-4-1-start": "15:00",
        "date-4-1-end": "16:00",
    }

    response = host_client.post(path, fields)

    schedule.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, path)
    assert schedule.name == "Summer hours"
    assert opening_hours(schedule) == OpeningHours(
        ZoneInfo("Asia/Tokyo"),
        (WeeklyWindow(1, time(8, 15), time(11, 59)), WeeklyWindow(1, time(13), time(0))),
        (
            DateHours(date(2030, 2, 1)),
            DateHours(date(2030, 2, 2), ((time(10), time(12)), (time(15), time(16)))),
        ),
    )


def test_save_drops_dates_that_have_passed(host_client: Client, schedule: Schedule, path: str) -> None:
    DateOverride.objects.create(schedule=schedule, date=date(2030, 1, 1))

    host_client.post(path, NAME)

    assert opening_hours(Schedule.objects.get()) == OpeningHours(BERLIN)


def test_save_takes_hours_that_overlap(host_client: Client, schedule: Schedule, path: str) -> None:
    fields = {"weekday-0-0-start": "09:00", "weekday-0-0-end": "12:00"}
    fields |= {"weekday-0-1-start": "11:00", "weekday-0-1-end": "14:00"}

    response = host_client.post(path, NAME | fields)

    assert response.status_code == 302
    assert opening_hours(schedule).weekly == (
        WeeklyWindow(0, time(9), time(12)),
        WeeklyWindow(0, time(11), time(14)),
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "This field is required."),
        ({"name": "x" * 101}, "Use at most 100 characters; this has 101."),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"time_zone": "Mars/Base"}, "There is no such time zone."),
        ({"weekday-0-0-start": "10:00", "weekday-0-0-end": "09:00"}, "The end must be after the start."),
        ({"weekday-0-0-start": "10:00", "weekday-0-0-end": "10:00"}, "The end must be after the start."),
        ({"weekday-0-0-start": "10:00", "weekday-0-0-end": ""}, "Give both times, or neither."),
        ({"weekday-0-0-start": "", "weekday-0-0-end": "10:00"}, "Give both times, or neither."),
        ({"weekday-0-0-start": "25:00", "weekday-0-0-end": "10:00"}, "Give a time such as 09:30."),
        ({"weekday-0-0-start": "10:00"}, "Give both times, or neither."),
        ({"date-0-date": "", "date-0-is_day_off": "on"}, "Give a date, or remove the row."),
        ({"date-0-date": "31 Feb", "date-0-is_day_off": "on"}, "Give a date."),
        ({"date-0-date": "2030-01-14", "date-0-is_day_off": "on"}, "This date has passed."),
        ({"date-0-date": "2041-01-01", "date-0-is_day_off": "on"}, "This date is too far away."),
        ({"date-0-date": "9999-12-31", "date-0-is_day_off": "on"}, "This date is too far away."),
        ({"date-0-date": "2030-02-01"}, "Give the hours of this date, or tick “Day off”."),
        (
            {"date-0-date": "2030-02-01", "date-0-0-start": "", "date-0-0-end": ""},
            "Give the hours of this date, or tick “Day off”.",
        ),
        (
            {"date-0-date": "2030-02-01", "date-0-0-start": "12:00", "date-0-0-end": "11:00"},
            "The end must be after the start.",
        ),
        (
            {
                "date-0-date": "2030-02-01",
                "date-0-is_day_off": "on",
                "date-1-date": "2030-02-01",
                "date-1-is_day_off": "on",
            },
            "This date is already above.",
        ),
    ],
)
def test_save_refuses_a_mistake_beside_its_field_and_stores_nothing(
    host_client: Client, schedule: Schedule, path: str, fields: dict[str, str], message: str
) -> None:
    response = host_client.post(path, NAME | fields)

    schedule.refresh_from_db()
    assert response.status_code == 422
    assert errors(response.context["editor"]) == [message]
    assert message in response.content.decode()
    assert opening_hours(schedule) == OpeningHours(BERLIN, (WeeklyWindow(0, time(9), time(17)),))


def test_save_refused_keeps_what_was_typed(host_client: Client, path: str) -> None:
    fields = {"name": "", "weekday-3-5-start": "nine", "weekday-3-5-end": "17:00", "time_zone": "Asia/Tokyo"}

    editor = host_client.post(path, fields).context["editor"]

    assert typed(editor) == {"Thursday": [("nine", "17:00")]}
    assert editor.form["time_zone"].value() == "Asia/Tokyo"


def test_save_refuses_too_many_rows(host_client: Client, schedule: Schedule, path: str) -> None:
    too_many_windows = {
        f"weekday-0-{row}-{side}": value
        for row in range(MAX_WINDOWS_PER_WEEKDAY + 1)
        for side, value in (("start", "09:00"), ("end", "10:00"))
    }
    too_many_dates = {f"date-{row}-date": "" for row in range(MAX_DATES + 1)}
    too_many_hours = {"date-0-date": "2030-02-01"} | {
        f"date-0-{row}-{side}": value
        for row in range(MAX_WINDOWS_OF_DATES + 1)
        for side, value in (("start", "09:00"), ("end", "10:00"))
    }

    answers = [host_client.post(path, NAME | rows) for rows in (too_many_windows, too_many_dates, too_many_hours)]

    assert [(answer.status_code, answer.context["editor"].errors) for answer in answers] == [
        (422, ["A weekday can have at most 12 rows of hours."]),
        (422, ["There are too many dates with hours of their own. Remove some."]),
        (422, ["There are too many dates with hours of their own. Remove some."]),
    ]


def test_full_editor_can_be_sent(host_client: Client, schedule: Schedule, path: str) -> None:
    fields = {
        f"weekday-{day}-{row}-{side}": f"{row:02}:{minute}"
        for day in range(7)
        for row in range(MAX_WINDOWS_PER_WEEKDAY)
        for side, minute in (("start", "00"), ("end", "30"))
    }
    for number in range(MAX_DATES):
        fields[f"date-{number}-date"] = str(date(2031, 1, 1).replace(day=1 + number % 28, month=1 + number // 28))
        for row in range(2 if number < MAX_WINDOWS_OF_DATES - MAX_DATES else 1):
            fields |= {f"date-{number}-{row}-start": f"1{row}:00", f"date-{number}-{row}-end": f"1{row}:30"}
    copy_to = {f"weekday-{day}-copy_to": [f"weekday-{n}" for n in range(7) if n != day] for day in range(7)}

    response = host_client.post(path, NAME | fields | copy_to)

    assert response.status_code == 302
    assert schedule.overrides.count() == MAX_WINDOWS_OF_DATES


def test_add_hours_shows_one_more_row_and_stores_nothing(host_client: Client, schedule: Schedule, path: str) -> None:
    fields = NAME | {"name": "Changed", "weekday-0-0-start": "9 o’clock", "weekday-0-0-end": ""}

    response = host_client.post(path, fields | {"action": "add-hours weekday-0"})

    editor = response.context["editor"]
    assert response.status_code == 200
    assert typed(editor) == {"Monday": [("9 o’clock", ""), ("", "")]}
    assert editor.form["name"].value() == "Changed"
    assert errors(editor) == []
    assert response.content.decode().count(" autofocus") == 1
    assert editor.weekdays[0].windows[1]["start"].field.widget.attrs["autofocus"]
    assert Schedule.objects.get().name == schedule.name


def test_remove_takes_away_one_row_and_stores_nothing(host_client: Client, schedule: Schedule, path: str) -> None:
    fields = NAME | {"weekday-0-0-start": "09:00", "weekday-0-0-end": "10:00"}
    fields |= {"weekday-0-10-start": "11:00", "weekday-0-10-end": "12:00"}

    editor = host_client.post(path, fields | {"action": "remove weekday-0-0"}).context["editor"]

    assert typed(editor) == {"Monday": [("11:00", "12:00")]}
    assert schedule.rules.count() == 1


def test_copy_gives_the_chosen_days_the_hours_in_the_place_of_theirs(host_client: Client, path: str) -> None:
    fields: dict[str, str | list[str]] = {
        **NAME,
        "weekday-0-0-start": "09:00",
        "weekday-0-0-end": "12:00",
        "weekday-0-3-start": "13:00",
        "weekday-0-3-end": "",
        "weekday-1-0-start": "07:00",
        "weekday-1-0-end": "08:00",
        "weekday-2-0-start": "07:00",
        "weekday-2-0-end": "08:00",
    }
    fields |= {"weekday-0-copy_to": ["weekday-1", "weekday-4", "weekday-0", "weekday-9"]}

    editor = host_client.post(path, fields | {"action": "copy-hours weekday-0"}).context["editor"]

    monday = [("09:00", "12:00"), ("13:00", "")]
    assert typed(editor) == {
        "Monday": monday,
        "Tuesday": monday,
        "Wednesday": [("07:00", "08:00")],
        "Friday": monday,
    }


def test_copy_of_a_day_without_hours_empties_the_chosen_days(host_client: Client, path: str) -> None:
    fields = NAME | {"weekday-1-0-start": "07:00", "weekday-1-0-end": "08:00", "weekday-0-copy_to": "weekday-1"}

    editor = host_client.post(path, fields | {"action": "copy-hours weekday-0"}).context["editor"]

    assert typed(editor) == {}


def test_add_date_shows_one_more_date_with_a_row_of_hours(host_client: Client, path: str) -> None:
    fields = NAME | {"date-2-date": "2030-02-01", "date-2-is_day_off": "on"}

    editor = host_client.post(path, fields | {"action": "add-date"}).context["editor"]

    assert [rows.group for rows in editor.dates] == ["date-2", "date-3"]
    assert [len(rows.windows) for rows in editor.dates] == [0, 1]


def test_add_hours_and_remove_work_for_a_date(host_client: Client, path: str) -> None:
    fields = NAME | {"date-1-date": "2030-02-01", "date-10-date": "2030-02-02"}

    added = host_client.post(path, fields | {"action": "add-hours date-1"}).context["editor"]
    removed = host_client.post(path, fields | {"action": "remove date-1"}).context["editor"]

    assert [len(rows.windows) for rows in added.dates] == [1, 0]
    assert [rows.group for rows in removed.dates] == ["date-10"]


@pytest.mark.parametrize(
    "action", ["", "add-hours", "add-hours weekday-9", "add-hours date-9", "copy-hours date-0", "remove", "x" * 999]
)
def test_nonsense_action_changes_nothing(host_client: Client, schedule: Schedule, path: str, action: str) -> None:
    fields = NAME | {"weekday-0-0-start": "09:00", "weekday-0-0-end": "10:00"}

    response = host_client.post(path, fields | {"action": action})

    assert response.status_code == 200
    assert typed(response.context["editor"]) == {"Monday": [("09:00", "10:00")]}
    assert schedule.rules.get().end_time == time(17)


def test_enter_in_a_field_saves(host_client: Client, path: str) -> None:
    """The first button of a form is what Enter presses; a row's button would change rows instead."""
    page = host_client.get(path).content.decode()

    first_button = page[page.index("<button", page.index("data-unsaved-bar")) :].split(">", 1)[0]
    assert first_button == '<button class="visually-hidden" tabindex="-1" aria-hidden="true"'


def test_editor_of_another_host_is_not_found(host_client: Client) -> None:
    foreign = ScheduleFactory()
    path = f"/availability/{foreign.pk}/"

    answers = [host_client.get(path), host_client.post(path, NAME), host_client.post(f"{path}delete/")]
    answers += [host_client.post(f"{path}default/"), host_client.post(f"{path}duplicate/")]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert Schedule.objects.get() == foreign
