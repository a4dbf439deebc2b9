"""What a host does with schedules: create, save, duplicate and delete them, and say which is the default.

Each is one transaction that holds the host's row, like every booking: a booking is decided by the hours before the
change or by those after it. All that take a schedule raise Schedule.DoesNotExist if it has been deleted meanwhile.
"""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext

from eventtypes.availability import opening_hours
from eventtypes.models import AvailabilityRule, DateOverride, Host, Schedule
from eventtypes.opening_hours import OpeningHours, WeeklyWindow
from eventtypes.services.locking import lock_host

OFFICE_HOURS = tuple(WeeklyWindow(weekday, time(9), time(17)) for weekday in range(5))
MAX_NAME_LENGTH = Schedule._meta.get_field("name").max_length or 0


class ScheduleInUseError(Exception):
    """Event types have the schedule; `titles` are theirs."""

    def __init__(self, titles: list[str]) -> None:
        super().__init__(titles)
        self.titles = titles


class OnlyScheduleError(Exception):
    """The host has no other schedule, which could be the default in its place."""


@transaction.atomic
def ensure_default_schedule(*, host: Host) -> Schedule:
    """Return the host's default schedule. If there is none yet: Mon–Fri 9–17 in the host's time zone."""
    lock_host(host.pk)
    schedule = Schedule.objects.owned_by(host).first()
    if schedule is None:
        return _create(host, gettext("Working hours"), OpeningHours(host.time_zone, OFFICE_HOURS), is_default=True)
    if not schedule.is_default:
        _set_default(schedule)
    return schedule


@transaction.atomic
def create(*, host: Host, name: str, hours: OpeningHours) -> Schedule:
    """Add a schedule; a host's first one is the default."""
    lock_host(host.pk)
    is_first = not Schedule.objects.owned_by(host).exists()
    return _create(host, name, hours, is_default=is_first)


@transaction.atomic
def save(*, schedule: Schedule, name: str, hours: OpeningHours) -> Schedule:
    """Store the whole schedule: its name, zone, weekly windows and date overrides become exactly these."""
    schedule = _lock(schedule)
    schedule.name, schedule.time_zone = name, hours.zone
    schedule.save(update_fields=["name", "time_zone"])
    schedule.rules.all().delete()
    schedule.overrides.all().delete()
    _add_hours(schedule, hours)
    return schedule


@transaction.atomic
def make_default(*, schedule: Schedule) -> None:
    """Let new event types start with the schedule, instead of with the one they started with before."""
    _set_default(_lock(schedule))


@transaction.atomic
def duplicate(*, schedule: Schedule) -> Schedule:
    """Copy the schedule with its hours; the copy is not the default."""
    original = _lock(schedule)
    return _create(original.host, _name_of_copy(original.name), opening_hours(original), is_default=False)


@transaction.atomic
def delete(*, schedule: Schedule) -> None:
    """Delete the schedule; if it was the default, the next one is.

    Raises:
        ScheduleInUseError: Event types have it.
        OnlyScheduleError: It is the host's only one.
    """
    schedule = _lock(schedule)
    if titles := list(schedule.event_types.values_list("title", flat=True)):
        raise ScheduleInUseError(titles)
    heir = Schedule.objects.owned_by(schedule.host).exclude(pk=schedule.pk).first()
    if heir is None:
        raise OnlyScheduleError
    was_default = schedule.is_default
    schedule.delete()
    if was_default:
        _set_default(heir)


def _lock(schedule: Schedule) -> Schedule:
    """Hold the host's row until the end of the transaction, and read the schedule again."""
    lock_host(schedule.host_id)
    return Schedule.objects.select_related("host").get(pk=schedule.pk)


def _create(host: Host, name: str, hours: OpeningHours, *, is_default: bool) -> Schedule:
    schedule = Schedule.objects.create(host=host, name=name, time_zone=hours.zone, is_default=is_default)
    _add_hours(schedule, hours)
    return schedule


def _add_hours(schedule: Schedule, hours: OpeningHours) -> None:
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(schedule=schedule, weekday=window.weekday, start_time=window.start, end_time=window.end)
        for window in hours.weekly
    )
    DateOverride.objects.bulk_create(
        DateOverride(schedule=schedule, date=override.day, start_time=start, end_time=end)
        for override in hours.overrides
        for start, end in override.windows or [(None, None)]
    )


def _set_default(schedule: Schedule) -> None:
    """Make it the only default: the others first, as the database refuses two even for a moment."""
    Schedule.objects.filter(host=schedule.host_id, is_default=True).exclude(pk=schedule.pk).update(is_default=False)
    schedule.is_default = True
    schedule.save(update_fields=["is_default"])


def _name_of_copy(name: str) -> str:
    """Return "… (copy)", with as much of the name as there is room for."""
    suffix = gettext(" (copy)")
    return name[: MAX_NAME_LENGTH - len(suffix)].rstrip() + suffix
