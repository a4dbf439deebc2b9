"""The mails about bookings that could not be delivered: told to the host, until they are."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from eventtypes.mail_refusals import MAX_REASON_LENGTH


class Recipient(models.TextChoices):
    """Whom a mail about a booking is for."""

    HOST = "host", _("Host")
    INVITEE = "invitee", _("Invitee")
    GUEST = "guest", _("Guest")


@dataclass(frozen=True, slots=True)
class MailName:
    """Which of the mails about bookings it is.

    It holds no address: whoever erases one from the booking has erased it.
    """

    booking_id: int
    # One of bookings.emails.MailKind.
    kind: str
    recipient: Recipient
    # The booking's when the mail was queued: which change it tells of.
    ics_sequence: int
    # Which of the booking's guests, from 0 on; of no other recipient.
    guest_place: int | None = None
    # Which of the reminders.
    minutes_before: int | None = None

    @property
    def details(self) -> dict[str, Any]:
        """How a booking's history names it."""
        named = {
            "mail_kind": self.kind,
            "recipient": str(self.recipient),
            "guest_place": self.guest_place,
            "minutes_before": self.minutes_before,
        }
        return {name: value for name, value in named.items() if value is not None}


class MailFailureQuerySet(models.QuerySet["MailFailure"]):
    """The questions about mails that have not been delivered."""

    def of(self, mail: MailName) -> Self:
        return self.filter(**asdict(mail))

    def about_bookings_as_they_are(self) -> Self:
        """Return those that no later change has overtaken."""
        return self.filter(ics_sequence=F("booking__ics_sequence"))

    def note(self, mail: MailName, *, reason: str, now: datetime) -> None:
        """Remember that the mail could not be delivered, and why; what was known of it before is replaced."""
        known = {"failed_at": now, "reason": reason, "sent_again_at": None}
        self.update_or_create(**asdict(mail), defaults=known)


class MailFailure(models.Model):
    """One mail about a booking that has failed for good. The row goes when the mail is delivered after all."""

    booking = models.ForeignKey(
        Booking, on_delete=models.DB_CASCADE, related_name="mail_failures", verbose_name=_("booking")
    )
    # As in MailName.
    kind = models.CharField(_("which mail"), max_length=20)
    recipient = models.CharField(_("to whom"), max_length=10, choices=Recipient)
    guest_place = models.PositiveSmallIntegerField(_("which guest"), null=True, blank=True)
    ics_sequence = models.PositiveIntegerField()
    minutes_before = models.PositiveIntegerField(_("minutes before"), null=True, blank=True)

    failed_at = models.DateTimeField(_("failed"), help_text=_("On the database's clock."))
    reason = models.CharField(
        _("reason"), max_length=MAX_REASON_LENGTH, help_text=_("The mail server's answer, without addresses.")
    )
    # Since when a new try is under way; it ends with no row, or with another failure.
    sent_again_at = models.DateTimeField(_("sent again"), null=True, blank=True)

    objects = MailFailureQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail not delivered")
        verbose_name_plural = _("mails not delivered")
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "kind", "recipient", "guest_place", "ics_sequence", "minutes_before"],
                name="mail_failure_once_for_each_mail",
                nulls_distinct=False,
                violation_error_message=_("That this mail was not delivered is known already."),
            ),
            models.CheckConstraint(
                condition=Q(recipient=Recipient.GUEST, guest_place__isnull=False)
                | (~Q(recipient=Recipient.GUEST) & Q(guest_place__isnull=True)),
                name="mail_failure_which_guest",
                violation_error_message=_("A mail to a guest, and no other, says to which of them."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.get_recipient_display()}"

    @property
    def name(self) -> MailName:
        """Which mail it is."""
        return MailName(
            self.booking_id,
            self.kind,
            Recipient(self.recipient),
            self.ics_sequence,
            self.guest_place,
            self.minutes_before,
        )

    def is_worth_sending(self, booking: Booking, now: datetime) -> bool:
        """Whether the mail of the booking would still tell what is true."""
        if self.minutes_before is not None:
            return booking.takes_place_as_announced(self.ics_sequence, now)
        return self.ics_sequence == booking.ics_sequence


def has_undelivered_mail() -> Exists:
    """Return, to annotate bookings with, whether a mail about the booking as it is now was not delivered."""
    return Exists(MailFailure.objects.about_bookings_as_they_are().filter(booking=OuterRef("pk")))
