"""What the database itself refuses about hosts and schedules, each rule in SQL and in the form that words it."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from eventtypes.models import AvailabilityRule, DateOverride, Host, Schedule
from tests.factories import HostFactory, ScheduleFactory

pytestmark = pytest.mark.django_db


def refused_by(sql: str, *values: str | int | None) -> str:
    """Run the statement, and return the name of the constraint that refuses it."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    cause = caught.value.__cause__
    return str(cause.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com"])
def test_host_email_unique_in_any_case(email: str) -> None:
    HostFactory(email="ada@example.com")
    other = HostFactory()

    assert refused_by("UPDATE eventtypes_host SET email = %s WHERE id = %s", email, other.pk) == "host_email_unique"
    with pytest.raises(ValidationError, match="Another account has this e-mail address"):
        Host(username="new", email=email).validate_constraints()


def test_host_email_may_be_blank_more_than_once() -> None:
    HostFactory.create_batch(2, email="")

    assert Host.objects.filter(email="").count() == 2


@pytest.mark.parametrize("username", ["Ada", "-ada", "ada-", "a da", "", "adä", "ada\n"])
def test_host_username_well_formed(username: str) -> None:
    host = HostFactory()

    name = refused_by("UPDATE eventtypes_host SET username = %s WHERE id = %s", username, host.pk)
    assert name == "host_username_well_formed"
    with pytest.raises(ValidationError, match="Use small letters, digits and hyphens"):
        Host(username=username).validate_constraints()


def test_host_username_unique() -> None:
    HostFactory(username="ada")
    other = HostFactory()

    name = refused_by("UPDATE eventtypes_host SET username = 'ada' WHERE id = %s", other.pk)
    assert name.startswith("eventtypes_host_username")
    with pytest.raises(ValidationError, match="This username is taken"):
        Host(username="ada").validate_unique()


def test_schedule_one_default_per_host() -> None:
    default = ScheduleFactory(is_default=True)
    other = ScheduleFactory(host=default.host)

    name = refused_by("UPDATE eventtypes_schedule SET is_default = true WHERE id = %s", other.pk)
    assert name == "schedule_one_default_per_host"
    other.is_default = True
    with pytest.raises(ValidationError, match="There is another default schedule already"):
        other.validate_constraints()


def test_schedule_defaults_of_two_hosts_are_allowed() -> None:
    ScheduleFactory.create_batch(2, is_default=True)

    assert Schedule.objects.filter(is_default=True).count() == 2


def test_availability_rule_weekday_exists() -> None:
    schedule = ScheduleFactory(rules=[])

    name = refused_by(
        "INSERT INTO eventtypes_availabilityrule (schedule_id, weekday, start_time, end_time)"
        " VALUES (%s, 7, '09:00', '10:00')",
        schedule.pk,
    )
    assert name == "availability_rule_weekday_exists"
    with pytest.raises(ValidationError, match="There is no such weekday"):
        AvailabilityRule(weekday=7, start_time=time(9), end_time=time(10)).validate_constraints()


@pytest.mark.parametrize(("start", "end"), [("10:00", "09:00"), ("10:00", "10:00"), ("10:00", "09:59:59")])
def test_availability_rule_ends_after_start(start: str, end: str) -> None:
    schedule = ScheduleFactory(rules=[])

    name = refused_by(
        "INSERT INTO eventtypes_availabilityrule (schedule_id, weekday, start_time, end_time) VALUES (%s, 0, %s, %s)",
        schedule.pk,
        start,
        end,
    )
    assert name == "availability_rule_ends_after_start"
    with pytest.raises(ValidationError, match="The end must be after the start"):
        AvailabilityRule(
            weekday=0, start_time=time.fromisoformat(start), end_time=time.fromisoformat(end)
        ).validate_constraints()


def test_availability_rule_may_end_at_midnight() -> None:
    ScheduleFactory(rules=[(0, time(22), time(0))])

    assert AvailabilityRule.objects.count() == 1


@pytest.mark.parametrize(("start", "end"), [("09:00", None), (None, "10:00")])
def test_date_override_has_both_times_or_none(start: str | None, end: str | None) -> None:
    schedule = ScheduleFactory(rules=[])

    name = refused_by(
        "INSERT INTO eventtypes_dateoverride (schedule_id, date, start_time, end_time)"
        " VALUES (%s, '2030-01-01', %s, %s)",
        schedule.pk,
        start,
        end,
    )
    assert name == "date_override_has_both_times_or_none"
    with pytest.raises(ValidationError, match="Give both times, or neither for a day off"):
        DateOverride(date=date(2030, 1, 1), start_time=start, end_time=end).validate_constraints()


@pytest.mark.parametrize(("start", "end"), [("10:00", "09:00"), ("10:00", "10:00")])
def test_date_override_ends_after_start(start: str, end: str) -> None:
    schedule = ScheduleFactory(rules=[])

    name = refused_by(
        "INSERT INTO eventtypes_dateoverride (schedule_id, date, start_time, end_time)"
        " VALUES (%s, '2030-01-01', %s, %s)",
        schedule.pk,
        start,
        end,
    )
    assert name == "date_override_ends_after_start"
    with pytest.raises(ValidationError, match="The end must be after the start"):
        DateOverride(
            date=date(2030, 1, 1), start_time=time.fromisoformat(start), end_time=time.fromisoformat(end)
        ).validate_constraints()
