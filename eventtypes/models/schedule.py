"""Schedules: a host's named weekly hours in one time zone, with overrides for single dates."""

from datetime import time
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from eventtypes.models.host import Host

MIDNIGHT = time(0, 0)


class Weekday(models.IntegerChoices):
    """The days of the week, numbered as `date.weekday()` does."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    """The questions about schedules."""

    def owned_by(self, host: Host) -> Self:
        """Return the host's own schedules, the default first."""
        return self.filter(host=host).order_by("-is_default", "name", "pk")


class Schedule(models.Model):
    """A host's named weekly hours in one time zone."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="schedules", verbose_name=_("host"))
    name = models.CharField(_("name"), max_length=100)
    time_zone = TimeZoneField(_("time zone"))
    is_default = models.BooleanField(
        _("default schedule"), default=False, help_text=_("New event types start with this schedule.")
    )

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.UniqueConstraint(
                fields=["host"],
                condition=Q(is_default=True),
                name="schedule_one_default_per_host",
                violation_error_message=_("There is another default schedule already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.time_zone})"


class AvailabilityRule(models.Model):
    """One weekly window of a schedule, in wall-clock times of its zone."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="rules")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start_time = models.TimeField(_("from"))
    end_time = models.TimeField(_("to"), help_text=_("00:00 means midnight at the end of the day."))

    class Meta:
        verbose_name = _("weekly window")
        verbose_name_plural = _("weekly windows")
        ordering = ["weekday", "start_time", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6),
                name="availability_rule_weekday_exists",
                violation_error_message=_("There is no such weekday."),
            ),
            models.CheckConstraint(
                condition=Q(end_time=MIDNIGHT) | Q(end_time__gt=F("start_time")),
                name="availability_rule_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start_time:%H:%M}–{self.end_time:%H:%M}"


class DateOverride(models.Model):
    """Hours for one date that replace the weekly windows; without times, a day off.

    A date may have several rows, one for each window.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="overrides")
    date = models.DateField(_("date"))
    start_time = models.TimeField(_("from"), null=True, blank=True)
    end_time = models.TimeField(
        _("to"), null=True, blank=True, help_text=_("00:00 means midnight at the end of the day.")
    )

    class Meta:
        verbose_name = _("date override")
        verbose_name_plural = _("date overrides")
        ordering = ["date", "start_time", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_time__isnull=True, end_time__isnull=True)
                | Q(start_time__isnull=False, end_time__isnull=False),
                name="date_override_has_both_times_or_none",
                violation_error_message=_("Give both times, or neither for a day off."),
            ),
            models.CheckConstraint(
                condition=Q(end_time__isnull=True) | Q(end_time=MIDNIGHT) | Q(end_time__gt=F("start_time")),
                name="date_override_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        if self.start_time is None or self.end_time is None:
            return f"{self.date}: {_('day off')}"
        return f"{self.date} {self.start_time:%H:%M}–{self.end_time:%H:%M}"

    @property
    def is_day_off(self) -> bool:
        return self.start_time is None
