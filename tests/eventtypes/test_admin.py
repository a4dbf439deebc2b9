"""The admin of hosts and schedules: the same rules as everywhere, in words and never as an error."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client

from eventtypes.models import AvailabilityRule, DateOverride, Host, Schedule
from eventtypes.services.locking import lock_host
from eventtypes.tasks import AccountMail, queue_account_mail
from tests.factories import BookingFactory, EventTypeFactory, HostFactory, ScheduleFactory


@pytest.fixture
def staff_client(client: Client, db: None) -> Client:
    """A client with a member of staff logged in who may do anything."""
    client.force_login(HostFactory(username="staff", is_staff=True, is_superuser=True))
    return client


def fields_of(response: Any) -> dict[str, Any]:
    """Return what the change form would send if nobody touched it."""
    adminform = response.context["adminform"].form
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [adminform, *(form for formset in formsets for form in [formset.management_form, *formset.forms])]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: "" if value is None else value for name, value in values.items() if value is not False}


def errors_of(response: Any) -> list[str]:
    return [str(message) for messages in response.context["errors"] for message in messages]


def test_every_page_of_hosts_and_schedules_opens(staff_client: Client) -> None:
    schedule = ScheduleFactory()
    pages = ["/admin/"]
    pages += [f"/admin/eventtypes/host/{page}" for page in ("", "add/", f"{schedule.host_id}/change/", "?q=ada")]
    pages += [f"/admin/eventtypes/host/{schedule.host_id}/password/"]
    pages += [f"/admin/eventtypes/schedule/{page}" for page in ("", "add/", f"{schedule.pk}/change/", "?q=ada")]

    assert {path: staff_client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)


def test_admin_is_not_for_hosts_who_are_no_staff(host_client: Client) -> None:
    response = host_client.get("/admin/", follow=True)

    assert response.status_code == 403


def test_added_host_has_a_schedule_and_an_address(staff_client: Client) -> None:
    fields = {"username": "grace", "name": "Grace", "email": "Grace@Example.com", "time_zone": "Asia/Tokyo"}
    fields |= {"usable_password": "true", "password1": "a nanosecond of wire", "password2": "a nanosecond of wire"}

    response = staff_client.post("/admin/eventtypes/host/add/", fields)

    host = Host.objects.get(username="grace")
    assert response.status_code == 302
    assert (host.email, host.time_zone) == ("grace@example.com", ZoneInfo("Asia/Tokyo"))
    assert Schedule.objects.get(host=host).time_zone == ZoneInfo("Asia/Tokyo")
    assert EmailAddress.objects.get(user=host).primary


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("username", "Ada", "Use small letters, digits and hyphens, with a letter or digit at both ends."),
        ("username", "admin", "This username is reserved. Please choose another one."),
        ("username", "grace", "This username is taken."),
        ("email", "GRACE@example.com", "Another account has this e-mail address."),
        ("email", "unconfirmed@example.com", "Another account has this e-mail address."),
        ("time_zone", "Mars/Base", "There is no such time zone."),
    ],
)
def test_changed_host_is_refused_in_words(
    staff_client: Client, host: Host, field: str, value: str, message: str
) -> None:
    EmailAddress.objects.create(user=HostFactory(username="grace"), email="unconfirmed@example.com")
    path = f"/admin/eventtypes/host/{host.pk}/change/"

    response = staff_client.post(path, fields_of(staff_client.get(path)) | {field: value})

    assert response.status_code == 200
    assert message in errors_of(response)


def test_changed_email_of_a_host_replaces_the_address_in_use(staff_client: Client, host: Host) -> None:
    EmailAddress.objects.create(user=host, email="ada@example.com", primary=True, verified=True)
    path = f"/admin/eventtypes/host/{host.pk}/change/"

    staff_client.post(path, fields_of(staff_client.get(path)) | {"email": "New@example.com"})

    host.refresh_from_db()
    address = EmailAddress.objects.get(user=host)
    assert host.email == address.email == "new@example.com"
    assert (address.primary, address.verified) == (True, False)


def test_host_with_bookings_is_not_deleted_and_the_page_says_why(staff_client: Client) -> None:
    host = BookingFactory(title="Discovery call").host
    path = f"/admin/eventtypes/host/{host.pk}/delete/"

    page = staff_client.get(path).content.decode()
    response = staff_client.post(path, {"post": "yes"})

    assert "<title>Cannot delete host | Sidedoor</title>" in page
    assert "Discovery call" in page
    assert response.status_code == 200
    assert Host.objects.filter(pk=host.pk).exists()


def test_schedule_in_use_is_not_deleted_and_the_page_names_the_event_type(staff_client: Client) -> None:
    event_type = EventTypeFactory(title="Discovery call")
    path = f"/admin/eventtypes/schedule/{event_type.schedule_id}/delete/"

    page = staff_client.get(path).content.decode()
    staff_client.post(path, {"post": "yes"})

    assert "<title>Cannot delete schedule | Sidedoor</title>" in page
    assert "Discovery call" in page
    assert Schedule.objects.filter(pk=event_type.schedule_id).exists()


def test_schedules_are_deleted_from_the_list_but_those_in_use(staff_client: Client) -> None:
    used = EventTypeFactory().schedule
    unused = ScheduleFactory(host=used.host)
    fields: dict[str, Any] = {"action": "delete_selected", "post": "yes"}

    for schedule in (unused, used):
        staff_client.post("/admin/eventtypes/schedule/", fields | {"_selected_action": [schedule.pk]})

    assert list(Schedule.objects.all()) == [used]


def test_schedule_is_saved_with_its_rules_and_overrides(staff_client: Client) -> None:
    schedule = ScheduleFactory(rules=[(0, time(9), time(17))])
    path = f"/admin/eventtypes/schedule/{schedule.pk}/change/"
    new_rows = {
        "rules-TOTAL_FORMS": 2,
        "rules-0-end_time": "16:00",
        "rules-1-schedule": schedule.pk,
        "rules-1-weekday": 5,
        "rules-1-start_time": "22:00",
        "rules-1-end_time": "00:00",
        "overrides-TOTAL_FORMS": 1,
        "overrides-0-schedule": schedule.pk,
        "overrides-0-date": "2030-05-01",
    }

    response = staff_client.post(path, fields_of(staff_client.get(path)) | {"name": "Renamed"} | new_rows)

    schedule.refresh_from_db()
    assert response.status_code == 302
    assert schedule.name == "Renamed"
    assert [str(rule) for rule in schedule.rules.all()] == ["Monday 09:00–16:00", "Saturday 22:00–00:00"]
    assert [str(override) for override in schedule.overrides.all()] == ["2030-05-01: day off"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"rules-0-end_time": "08:00"}, "The end must be after the start."),
        ({"rules-0-weekday": "7"}, "Choose one of the options."),
        (
            {"overrides-TOTAL_FORMS": 1, "overrides-0-date": "2030-05-01", "overrides-0-start_time": "09:00"},
            "Give both times, or neither for a day off.",
        ),
        (
            {
                "overrides-TOTAL_FORMS": 1,
                "overrides-0-date": "2030-05-01",
                "overrides-0-start_time": "09:00",
                "overrides-0-end_time": "08:00",
            },
            "The end must be after the start.",
        ),
        ({"time_zone": "Factory"}, "There is no such time zone."),
    ],
)
def test_schedule_with_a_mistake_is_refused_in_words_and_stores_nothing(
    staff_client: Client, rows: dict[str, Any], message: str
) -> None:
    schedule = ScheduleFactory(rules=[(0, time(9), time(17))])
    ScheduleFactory(host=schedule.host, is_default=True)
    path = f"/admin/eventtypes/schedule/{schedule.pk}/change/"

    response = staff_client.post(path, fields_of(staff_client.get(path)) | {"name": "Renamed"} | rows)

    schedule.refresh_from_db()
    assert response.status_code == 200
    assert message in errors_of(response)
    assert schedule.name == "Working hours"
    assert AvailabilityRule.objects.get(schedule=schedule).end_time == time(17)
    assert not DateOverride.objects.exists()


def test_default_schedule_is_replaced_and_never_just_given_up(staff_client: Client, host: Host) -> None:
    old, new = ScheduleFactory(host=host, is_default=True), ScheduleFactory(host=host)
    path = f"/admin/eventtypes/schedule/{old.pk}/change/"

    staff_client.post(path, fields_of(staff_client.get(path)))
    still = Schedule.objects.get(host=host, is_default=True)
    staff_client.post("/admin/eventtypes/schedule/", {"action": "make_default", "_selected_action": [new.pk]})

    assert still == old
    assert Schedule.objects.get(host=host, is_default=True) == new


@pytest.mark.parametrize("in_bulk", [True, False])
def test_next_schedule_is_the_default_when_that_is_deleted(staff_client: Client, host: Host, in_bulk: bool) -> None:
    default, other = ScheduleFactory(host=host, is_default=True), ScheduleFactory(host=host)
    fields: dict[str, Any] = {"action": "delete_selected", "_selected_action": [default.pk], "post": "yes"}

    page = "" if in_bulk else f"{default.pk}/delete/"
    staff_client.post(f"/admin/eventtypes/schedule/{page}", fields)

    assert list(Schedule.objects.filter(host=host).values_list("pk", "is_default")) == [(other.pk, True)]


def test_first_schedule_of_a_host_is_the_default(staff_client: Client) -> None:
    host = HostFactory()
    path = "/admin/eventtypes/schedule/add/"
    fields = fields_of(staff_client.get(path)) | {"host": host.pk, "name": "Mornings", "time_zone": "Asia/Calcutta"}

    staff_client.post(path, fields)

    schedule = Schedule.objects.get(host=host)
    assert (schedule.name, schedule.is_default, schedule.time_zone) == ("Mornings", True, ZoneInfo("Asia/Kolkata"))


def test_fields_in_the_rows_of_a_schedule_have_names(staff_client: Client) -> None:
    schedule = ScheduleFactory(rules=[(0, time(9), time(17))])

    response = staff_client.get(f"/admin/eventtypes/schedule/{schedule.pk}/change/")

    rows = [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    labels = {field.name: field.field.widget.attrs["aria-label"] for form in rows for field in form.visible_fields()}
    assert labels == {"weekday": "Weekday", "start_time": "From", "end_time": "To", "DELETE": "Delete"}
    assert '<label class="required" for="id_time_zone">Time zone:</label>' in response.text


def test_schedule_never_moves_to_another_host(staff_client: Client, host: Host) -> None:
    schedule = ScheduleFactory()
    path = f"/admin/eventtypes/schedule/{schedule.pk}/change/"

    staff_client.post(path, fields_of(staff_client.get(path)) | {"host": host.pk})

    assert Schedule.objects.get(pk=schedule.pk).host_id == schedule.host_id


def test_second_factor_is_taken_away_but_neither_added_nor_read(staff_client: Client, host: Host) -> None:
    factor = Authenticator.objects.create(user=host, type=Authenticator.Type.TOTP, data={"secret": "HUSH"})
    factors = "/admin/mfa/authenticator/"

    page = staff_client.get(f"{factors}{factor.pk}/change/").text
    added = staff_client.post(f"{factors}add/")
    staff_client.post(f"{factors}{factor.pk}/delete/", {"post": "yes"})

    assert "HUSH" not in page
    assert added.status_code == 403
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"), [("", 200), ("?state=failed", 200), ("?state=zzz", 200), ("?status__exact=zzz", 400)]
)
def test_jobs_are_found_by_status_and_nonsense_is_no_error(staff_client: Client, query: str, status: int) -> None:
    assert staff_client.get(f"/admin/procrastinate/procrastinatejob/{query}").status_code == status


def test_jobs_of_a_status_are_found(staff_client: Client) -> None:
    queue_account_mail(AccountMail(["ada@example.com"], "Subject", "Body", "<1@example.com>"))

    found = {
        state: staff_client.get(f"/admin/procrastinate/procrastinatejob/?state={state}").context["cl"].result_count
        for state in ("todo", "failed")
    }

    assert found == {"todo": 1, "failed": 0}


@pytest.mark.parametrize(
    "address", ["host/{host}/change/", "schedule/{schedule}/change/", "schedule/{schedule}/delete/"]
)
@pytest.mark.django_db(transaction=True)
def test_admin_waits_for_the_lock_of_the_host(address: str) -> None:
    schedule = ScheduleFactory()
    client = Client()
    client.force_login(HostFactory(is_staff=True, is_superuser=True))
    path = f"/admin/eventtypes/{address.format(host=schedule.host_id, schedule=schedule.pk)}"
    page = client.get(path)
    fields = fields_of(page) if "adminform" in page.context else {"post": "yes"}

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        lock_host(schedule.host_id)
        answer = pool.submit(_in_thread, lambda: client.post(path, fields))
        _wait_until_somebody_waits_for_a_lock()
        was_done = answer.done()
        Schedule.objects.filter(pk=schedule.pk).update(name="Changed meanwhile")

    assert not was_done
    assert answer.result().status_code == 302


def _in_thread(request: Callable[[], Any]) -> Any:
    try:
        return request()
    finally:
        connection.close()


def _wait_until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        for _attempt in range(500):
            cursor.execute("SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for a lock")
