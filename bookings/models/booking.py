"""The booking: one meeting of a host with an invitee. Bookings are never deleted, but what is personal is erased."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from bookings.answers import Answer
from eventtypes.locations import MAX_PHONE_LENGTH, LocationKind, where_before_booking, where_of_booking
from eventtypes.mailboxes import mailboxes_of
from eventtypes.models import EventType, Host
from eventtypes.models.event_type import MAX_LOCATION_LENGTH
from privatelinks.models import PrivateLink


class BookingStatus(models.TextChoices):
    """What has become of a booking."""

    PENDING = "pending", _("Pending")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


class Party(models.TextChoices):
    """One of the two sides of a booking."""

    HOST = "host", _("Host")
    INVITEE = "invitee", _("Invitee")


MAX_GUESTS = 10

# A booking of one of these holds its time; one of the others is over for good.
HOLDING_STATUSES = [BookingStatus.PENDING, BookingStatus.CONFIRMED]
FINAL_STATUSES = [BookingStatus.DECLINED, BookingStatus.CANCELLED]
MAX_REASON_LENGTH = 500

# What an erased booking holds in the place of what was personal: the meeting's times, its status and its use stay.
NOTHING_PERSONAL: dict[str, Any] = {
    "request_key": None,
    "reason": "",
    "private_link_name": "",
    "location_kind": LocationKind.TEXT.value,
    "location": "",
    "invitee_name": "",
    "invitee_email": "",
    "invitee_phone": "",
    "invitee_time_zone": "UTC",
    "notes": "",
    "guests": [],
    "answers": [],
}


def _holds_nothing_personal() -> Q:
    """Return the condition that a booking holds what is left of an erased one, and waits for nobody's answer."""
    blank = {
        f"{field}__isnull" if value is None else field: value is None or value
        for field, value in NOTHING_PERSONAL.items()
    }
    return Q(**blank) & ~Q(status=BookingStatus.PENDING)


def _only_with(status: BookingStatus, instant: str) -> Q:
    """Return the condition that bookings of the status have the instant, and others have not."""
    return Q(**{f"{instant}__isnull": False}, status=status) | (~Q(status=status) & Q(**{f"{instant}__isnull": True}))


class BookingQuerySet(models.QuerySet["Booking"]):
    """The questions about bookings."""

    def owned_by(self, host: Host) -> Self:
        return self.filter(host=host)

    def holding_time(self) -> Self:
        """Return those that keep the host busy: pending and confirmed ones."""
        return self.filter(status__in=HOLDING_STATUSES)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """Return those that take place, at least in part, in [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def not_erased(self) -> Self:
        return self.filter(erased_at__isnull=True)

    def search(self, text: str) -> Self:
        """Return those with each word of the text in the invitee's name or address, the title or the link's name."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(invitee_name__icontains=word)
                | Q(invitee_email__icontains=word)
                | Q(title__icontains=word)
                | Q(private_link_name__icontains=word)
            )
        return found

    def upcoming(self, now: datetime) -> Self:
        return self.filter(status=BookingStatus.CONFIRMED, ends_at__gt=now).order_by("starts_at", "pk")

    def ahead(self, now: datetime) -> Self:
        """Return those that keep the host busy from now on, confirmed or not."""
        return self.holding_time().filter(ends_at__gt=now)

    def past(self, now: datetime) -> Self:
        return self.filter(status=BookingStatus.CONFIRMED, ends_at__lte=now).order_by("-starts_at", "-pk")

    def confirmed_since(self, instant: datetime) -> Self:
        """Return the confirmed ones that end after the instant, the last to start first."""
        return self.filter(status=BookingStatus.CONFIRMED, ends_at__gt=instant).order_by("-starts_at", "-pk")

    def pending(self) -> Self:
        return self.filter(status=BookingStatus.PENDING).order_by("starts_at", "pk")

    def unanswered(self, now: datetime) -> Self:
        """Return the pending ones that would begin by now: the host has let them pass."""
        return self.pending().filter(starts_at__lte=now)

    def cancelled(self) -> Self:
        """Return those that do not take place: cancelled and declined ones."""
        return self.filter(status__in=FINAL_STATUSES).order_by("-starts_at", "-pk")


class Booking(models.Model):
    """One meeting of a host with an invitee."""

    uid = models.UUIDField(_("UID"), default=uuid.uuid4, unique=True, editable=False)
    # A UUID from the form: the same form sent twice is one booking.
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("booked"), help_text=_("When it was decided, on the database's clock."))
    status = models.CharField(_("status"), max_length=10, choices=BookingStatus, default=BookingStatus.CONFIRMED)
    # Every change of the booking counts one on.
    ics_sequence = models.PositiveIntegerField(default=0, editable=False)
    # Not while it is pending: an invitee who moves the meeting may have to wait for the host anew.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    # Blank if the host did not answer in time.
    declined_by = models.CharField(_("declined by"), max_length=10, choices=Party, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=10, choices=Party, blank=True)
    reason = models.TextField(
        _("reason"), max_length=MAX_REASON_LENGTH, blank=True, help_text=_("Why it was declined or cancelled.")
    )
    is_no_show = models.BooleanField(_("no-show"), default=False, help_text=_("The invitee did not come."))

    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("host"))
    event_type = models.ForeignKey(
        EventType,
        on_delete=models.DB_SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("event type"),
    )
    private_link = models.ForeignKey(
        PrivateLink,
        on_delete=models.DB_SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("private link"),
    )
    # Blank if it came through no private link, or is erased; it stays when the link is deleted.
    private_link_name = models.CharField(_("name of the private link"), max_length=100, blank=True)
    holds_use = models.BooleanField(_("holds a use of its private link"), default=False)
    # What was true when it was booked; the mail to the host says so, however often it is made.
    spent_last_use = models.BooleanField(_("spent the last use of its private link"), default=False)

    # As they were when it was booked.
    title = models.CharField(_("title"), max_length=100)
    # The host's address when it was booked: calendars take news of a meeting from its organizer only (RFC 5546, 6.1),
    # so it stays. Blank if the host had none.
    organizer_email = models.EmailField(_("organizer’s e-mail address"), blank=True)
    location_kind = models.CharField(_("how they meet"), max_length=20, choices=LocationKind, default=LocationKind.TEXT)
    location = models.CharField(_("location"), max_length=MAX_LOCATION_LENGTH, blank=True)
    location_is_shown_after_booking = models.BooleanField(_("shown only after booking"), default=False)
    buffer_before_minutes = models.PositiveSmallIntegerField(_("buffer before"), default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(_("buffer after"), default=0)

    invitee_name = models.CharField(_("invitee"), max_length=100)
    invitee_email = models.EmailField(_("e-mail address"))
    # Where the host calls.
    invitee_phone = models.CharField(_("phone number"), max_length=MAX_PHONE_LENGTH, blank=True)
    invitee_time_zone = TimeZoneField(_("time zone"))
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    # Addresses that the invitee has added: they get the invitation, and whatever becomes of it. Where one was erased
    # there is a blank, so that the others keep their places: mails that wait name guests by these.
    guests = ArrayField(models.EmailField(), verbose_name=_("guests"), default=list, blank=True)
    # To the event type's questions in the host's order, each with the question's wording at that time.
    answers = models.JSONField(_("answers"), default=list, blank=True)

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    # Since when it holds nothing personal any more.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            models.Index(fields=["host", "starts_at"], name="booking_by_host_and_start"),
            models.Index(fields=["private_link", "holds_use"], name="booking_by_link"),
            models.Index(
                fields=["starts_at"], condition=Q(status=BookingStatus.PENDING), name="booking_pending_by_start"
            ),
            models.Index(
                fields=["starts_at"], condition=Q(status=BookingStatus.CONFIRMED), name="booking_confirmed_by_start"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_ends_after_start",
                violation_error_message=_("A meeting must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(holds_use=False) | Q(private_link__isnull=False),
                name="booking_holds_use_of_a_link",
                violation_error_message=_("Only a booking that came through a private link holds a use."),
            ),
            models.CheckConstraint(
                condition=_only_with(BookingStatus.CANCELLED, "cancelled_at"),
                name="booking_cancelled_at_an_instant",
                violation_error_message=_("A cancelled booking, and no other, has an instant of its cancellation."),
            ),
            models.CheckConstraint(
                condition=Q(is_no_show=False) | Q(status=BookingStatus.CONFIRMED),
                name="booking_no_show_of_a_meeting",
                violation_error_message=_("Only a confirmed booking can be a no-show."),
            ),
            models.CheckConstraint(
                condition=_only_with(BookingStatus.DECLINED, "declined_at"),
                name="booking_declined_at_an_instant",
                violation_error_message=_("A declined booking, and no other, has an instant of its refusal."),
            ),
            models.CheckConstraint(
                condition=Q(status=BookingStatus.CANCELLED) | _only_with(BookingStatus.CONFIRMED, "confirmed_at"),
                name="booking_confirmed_at_an_instant",
                violation_error_message=_("A booking is confirmed at an instant, or not at all."),
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.DECLINED) | Q(holds_use=False),
                name="booking_declined_holds_no_use",
                violation_error_message=_("A declined booking holds no use of its private link."),
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("answers"), function="jsonb_typeof", output_field=models.TextField()), Value("array")
                ),
                name="booking_answers_in_a_list",
                violation_error_message=_("Answers are a list."),
            ),
            models.CheckConstraint(
                condition=Q(guests__len__lte=MAX_GUESTS),
                name="booking_guests_few",
                violation_error_message=_("At most 10 guests are possible."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | _holds_nothing_personal(),
                name="booking_erased_holds_nothing_personal",
                violation_error_message=_("An erased booking holds nothing of its invitee, and is not pending."),
            ),
            # The host id as a range of one, so that a GiST index takes it without the btree_gist extension.
            ExclusionConstraint(
                name="booking_host_not_booked_twice",
                expressions=[
                    (
                        Func(F("host_id"), F("host_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=HOLDING_STATUSES),
                violation_error_message=_("The host has another booking at that time."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the invitee's page of the booking."""
        return reverse("booking", args=[self.uid])

    @property
    def is_pending(self) -> bool:
        return self.status == BookingStatus.PENDING

    @property
    def is_confirmed(self) -> bool:
        return self.status == BookingStatus.CONFIRMED

    @property
    def is_declined(self) -> bool:
        return self.status == BookingStatus.DECLINED

    @property
    def is_cancelled(self) -> bool:
        return self.status == BookingStatus.CANCELLED

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def invitee_label(self) -> str:
        """What the invitee is called wherever somebody reads it: the name, or that it was erased."""
        return gettext("Erased") if self.is_erased else self.invitee_name

    @property
    def invitee_and_address(self) -> str:
        """The invitee as mails write it: "Iris <iris@example.com>", or that both were erased."""
        return self.invitee_label if self.is_erased else f"{self.invitee_name} <{self.invitee_email}>"

    @property
    def mailboxes(self) -> list[str]:
        """The mailboxes that mails about it reach, the host's left out, each once."""
        return mailboxes_of([self.invitee_email, *self.present_guests])

    @property
    def present_guests(self) -> list[str]:
        """The guests' addresses, without the blanks where one was erased."""
        return [guest for guest in self.guests if guest]

    @property
    def where(self) -> str:
        """Where it takes place, as its host knows."""
        return self._where(self.invitee_phone)

    @property
    def where_for_invitee(self) -> str:
        """Where it takes place; what is kept for those who have booked, only while the host has confirmed it."""
        return self._where_before_booking if self._keeps_location else self.where

    @property
    def where_for_guests(self) -> str:
        """Where it takes place, as far as the invitee knows, without the invitee's phone number."""
        return self._where_before_booking if self._keeps_location else self._where("")

    @property
    def _keeps_location(self) -> bool:
        has_to_wait = self.confirmed_at is None and self.location_kind != LocationKind.HOST_CALLS
        return self.location_is_shown_after_booking and has_to_wait

    @property
    def _where_before_booking(self) -> str:
        return where_before_booking(self.location_kind, self.location, is_shown_after_booking=True)

    def _where(self, phone: str) -> str:
        host, invitee = self.host.display_name, self.invitee_label
        return where_of_booking(self.location_kind, self.location, host=host, invitee=invitee, phone=phone)

    @property
    def answers_given(self) -> list[Answer]:
        """What the invitee has answered, in the host's order."""
        return [Answer(**each) for each in self.answers]

    @property
    def holds_time(self) -> bool:
        """Whether it keeps the host busy.

        See also: BookingQuerySet.holding_time
        """
        return self.status in HOLDING_STATUSES

    @property
    def needs_confirmation(self) -> bool:
        """Whether a time that its invitee chooses now is for the host to confirm."""
        return self.is_pending or (self.event_type is not None and self.event_type.requires_confirmation)

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def can_be_marked(self, now: datetime) -> bool:
        """Whether the host can say that the invitee did not come: it is confirmed and has begun, and names one."""
        return self.is_confirmed and self.starts_at <= now and not self.is_erased

    def takes_place_as_announced(self, ics_sequence: int, now: datetime) -> bool:
        """Whether it is confirmed, still ahead, and has not changed since it had the ICS sequence."""
        return self.is_confirmed and self.ics_sequence == ics_sequence and self.starts_at > now
