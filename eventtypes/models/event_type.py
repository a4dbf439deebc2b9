"""Event types: the bookable kinds of meeting that a host offers."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from eventtypes.locations import KINDS_WITH_TEXT, LocationKind, where_before_booking
from eventtypes.models.host import Host
from eventtypes.models.schedule import Schedule

MINUTES_PER_DAY = 24 * 60
MAX_DURATION_MINUTES = MINUTES_PER_DAY
MAX_OTHER_DURATIONS = 10
MAX_BUFFER_MINUTES = MINUTES_PER_DAY
MAX_NOTICE_MINUTES = 366 * MINUTES_PER_DAY
MAX_WINDOW_DAYS = 731
MAX_CHANGE_NOTICE_HOURS = 366 * 24
MAX_REMINDERS = 3
MAX_REMINDER_MINUTES = 28 * MINUTES_PER_DAY
SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"
MAX_SLUG_LENGTH = 60
MAX_TITLE_LENGTH = 100
# Links to video meetings can be long.
MAX_LOCATION_LENGTH = 500


def _positive_or_none(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 1})


class Visibility(models.TextChoices):
    """Who can reach an event type."""

    PUBLIC = "public", _("Public")
    UNLISTED = "unlisted", _("Unlisted")
    PRIVATE = "private", _("Private")


class BookingWindowKind(models.TextChoices):
    """How far ahead an event type can be booked."""

    DAYS = "days", _("Calendar days ahead")
    BUSINESS_DAYS = "business_days", _("Business days ahead")
    DATES = "dates", _("From one date to another")
    UNLIMITED = "unlimited", _("Without limit")


class EventTypeQuerySet(models.QuerySet["EventType"]):
    """The questions about event types."""

    def owned_by(self, host: Host) -> Self:
        """Return the host's own event types in the host's order."""
        return self.filter(host=host).order_by("position", "pk")

    def listed(self) -> Self:
        """Return those that a public page shows."""
        return self.filter(visibility=Visibility.PUBLIC, host__is_active=True)

    def open_by_url(self) -> Self:
        """Return those that can be booked through their public URL."""
        return self.filter(visibility__in=[Visibility.PUBLIC, Visibility.UNLISTED], host__is_active=True)


class EventType(models.Model):
    """A bookable kind of meeting."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="event_types", verbose_name=_("host"))
    title = models.CharField(_("title"), max_length=MAX_TITLE_LENGTH)
    slug = models.CharField(
        _("URL"),
        max_length=MAX_SLUG_LENGTH,
        validators=[RegexValidator(SLUG_PATTERN, _("Use small letters, digits and hyphens."))],
    )
    former_slugs = ArrayField(models.CharField(max_length=MAX_SLUG_LENGTH), default=list, blank=True, editable=False)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    location_kind = models.CharField(_("how you meet"), max_length=20, choices=LocationKind, default=LocationKind.TEXT)
    location = models.CharField(
        _("location"),
        max_length=MAX_LOCATION_LENGTH,
        blank=True,
        help_text=_("The address, your phone number, the link, or whatever says where you meet."),
    )
    location_is_shown_after_booking = models.BooleanField(
        _("shown only after booking"),
        default=False,
        help_text=_("Before, people see how you meet but not where. Their confirmation says it."),
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration"), default=30, validators=[MinValueValidator(1), MaxValueValidator(MAX_DURATION_MINUTES)]
    )
    # What the invitee may choose instead of the duration, which stays the default.
    duration_options = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MAX_DURATION_MINUTES)]),
        verbose_name=_("other durations"),
        default=list,
        blank=True,
    )
    # Each is mailed to both sides so long before the start.
    reminder_minutes = ArrayField(
        models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MAX_REMINDER_MINUTES)]),
        verbose_name=_("reminders"),
        help_text=_("Minutes before the start, with commas between them."),
        default=list,
        blank=True,
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    schedule = models.ForeignKey(
        Schedule, on_delete=models.RESTRICT, related_name="event_types", verbose_name=_("schedule")
    )

    minimum_notice_minutes = models.PositiveIntegerField(
        _("minimum notice"), default=120, validators=[MaxValueValidator(MAX_NOTICE_MINUTES)]
    )
    booking_window_kind = models.CharField(
        _("booking window"), max_length=20, choices=BookingWindowKind, default=BookingWindowKind.DAYS
    )
    booking_window_days = models.PositiveSmallIntegerField(
        _("days ahead"), default=60, validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW_DAYS)]
    )
    booking_window_starts_on = models.DateField(_("first date"), null=True, blank=True)
    booking_window_ends_on = models.DateField(_("last date"), null=True, blank=True)
    buffer_before_minutes = models.PositiveSmallIntegerField(
        _("buffer before"), default=0, validators=[MaxValueValidator(MAX_BUFFER_MINUTES)]
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        _("buffer after"), default=0, validators=[MaxValueValidator(MAX_BUFFER_MINUTES)]
    )
    slot_interval_minutes = models.PositiveSmallIntegerField(
        _("slot interval"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_PER_DAY)],
    )
    max_bookings_per_day = models.PositiveSmallIntegerField(
        _("bookings per day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_bookings_per_week = models.PositiveSmallIntegerField(
        _("bookings per week"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_bookings_per_month = models.PositiveSmallIntegerField(
        _("bookings per month"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_minutes_per_day = models.PositiveSmallIntegerField(
        _("total time per day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_PER_DAY)],
    )

    requires_confirmation = models.BooleanField(_("I confirm each booking myself"), default=False)
    invitees_may_cancel = models.BooleanField(_("Invitees may cancel"), default=True)
    invitees_may_reschedule = models.BooleanField(_("Invitees may reschedule"), default=True)
    # Before the start; then it is too late for invitees to cancel and reschedule. The host always may.
    change_notice_hours = models.PositiveSmallIntegerField(
        _("hours before the start until which invitees may"),
        default=0,
        validators=[MaxValueValidator(MAX_CHANGE_NOTICE_HOURS)],
    )
    allows_guests = models.BooleanField(
        _("invitees may add guests"),
        default=False,
        help_text=_("They give the e-mail addresses, at most 10, and each of these gets the invitation."),
    )

    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    private_links_enabled = models.BooleanField(_("Private links"), default=False)

    objects = EventTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("event type")
        verbose_name_plural = _("event types")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "slug"],
                name="event_type_slug_unique_per_host",
                violation_error_message=_("Another event type of yours has this URL."),
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_PATTERN),
                name="event_type_slug_well_formed",
                violation_error_message=_("Use small letters, digits and hyphens in the URL."),
            ),
            models.CheckConstraint(
                condition=Q(location_kind__in=LocationKind.values),
                name="event_type_location_kind_known",
                violation_error_message=_("Choose how you meet."),
            ),
            models.CheckConstraint(
                condition=~Q(location_kind__in=KINDS_WITH_TEXT) | ~Q(location=""),
                name="event_type_location_where_needed",
                violation_error_message=_("Enter the address, the phone number or the link."),
            ),
            models.CheckConstraint(
                condition=~Q(location_kind=LocationKind.LINK) | Q(location__iregex=r"^https?://\S+$"),
                name="event_type_location_link_well_formed",
                violation_error_message=_("Enter a link that begins with https:// or http://."),
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(1, MAX_DURATION_MINUTES)),
                name="event_type_duration_possible",
                violation_error_message=_("The duration must be from 1 minute to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_notice_minutes__lte=MAX_NOTICE_MINUTES),
                name="event_type_notice_possible",
                violation_error_message=_("The minimum notice must be at most a year."),
            ),
            models.CheckConstraint(
                condition=Q(buffer_before_minutes__lte=MAX_BUFFER_MINUTES)
                & Q(buffer_after_minutes__lte=MAX_BUFFER_MINUTES),
                name="event_type_buffers_possible",
                violation_error_message=_("A buffer must be at most 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(slot_interval_minutes__isnull=True) | Q(slot_interval_minutes__range=(1, MINUTES_PER_DAY)),
                name="event_type_slot_interval_possible",
                violation_error_message=_("The slot interval must be from 1 minute to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(change_notice_hours__lte=MAX_CHANGE_NOTICE_HOURS),
                name="event_type_change_notice_possible",
                violation_error_message=_("The notice for changes must be at most 366 days."),
            ),
            models.CheckConstraint(
                condition=Q(booking_window_days__range=(1, MAX_WINDOW_DAYS)),
                name="event_type_booking_window_possible",
                violation_error_message=_("The booking window must be from 1 day to two years."),
            ),
            models.CheckConstraint(
                condition=~Q(booking_window_kind=BookingWindowKind.DATES)
                | Q(
                    booking_window_starts_on__isnull=False,
                    booking_window_ends_on__isnull=False,
                    booking_window_ends_on__gte=F("booking_window_starts_on"),
                ),
                name="event_type_booking_window_dates_in_order",
                violation_error_message=_("Give both dates, the last one not before the first."),
            ),
            models.CheckConstraint(
                condition=_positive_or_none("max_bookings_per_day")
                & _positive_or_none("max_bookings_per_week")
                & _positive_or_none("max_bookings_per_month"),
                name="event_type_booking_limits_positive",
                violation_error_message=_("A limit must be at least 1."),
            ),
            models.CheckConstraint(
                condition=Q(max_minutes_per_day__isnull=True) | Q(max_minutes_per_day__range=(1, MINUTES_PER_DAY)),
                name="event_type_time_limit_possible",
                violation_error_message=_("The total time per day must be from 1 minute to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Func(
                    F("duration_options"),
                    template=f"int4range(1, {MAX_DURATION_MINUTES}, '[]') @> ALL (%(expressions)s::int[])",
                    output_field=models.BooleanField(),
                ),
                name="event_type_other_durations_possible",
                violation_error_message=_("Each duration must be from 1 minute to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(duration_options__len__lte=MAX_OTHER_DURATIONS),
                name="event_type_other_durations_few",
                violation_error_message=_("At most 10 other durations are possible."),
            ),
            models.CheckConstraint(
                condition=Func(
                    F("reminder_minutes"),
                    template=f"int4range(1, {MAX_REMINDER_MINUTES}, '[]') @> ALL (%(expressions)s::int[])",
                    output_field=models.BooleanField(),
                ),
                name="event_type_reminders_possible",
                violation_error_message=_("A reminder must be from 1 minute to 28 days before."),
            ),
            models.CheckConstraint(
                condition=Q(reminder_minutes__len__lte=MAX_REMINDERS),
                name="event_type_reminders_few",
                violation_error_message=_("At most 3 reminders are possible."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open_by_url(self) -> bool:
        """Whether it can be booked through its public URL.

        See also: EventTypeQuerySet.open_by_url
        """
        return self.visibility != Visibility.PRIVATE and self.host.is_active

    @property
    def location_before_booking(self) -> str:
        """Where it takes place, as far as that may be known before it is booked."""
        is_shown_after_booking = self.location_is_shown_after_booking
        return where_before_booking(self.location_kind, self.location, is_shown_after_booking=is_shown_after_booking)

    @property
    def durations(self) -> list[int]:
        """The durations that an invitee may choose from, in minutes, the default first, each once."""
        return list(dict.fromkeys([self.duration_minutes, *self.duration_options]))

    def take_slug(self, slug: str) -> None:
        """Change the slug; the former one goes on redirecting, and one taken back is former no more."""
        if slug == self.slug:
            return
        former = [*self.former_slugs, self.slug] if self.slug else self.former_slugs
        self.former_slugs = [old for old in dict.fromkeys(former) if old != slug]
        self.slug = slug
