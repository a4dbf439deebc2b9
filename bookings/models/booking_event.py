"""What has happened to a booking, and when: its history, as its host sees it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking, Party


class BookingEventKind(models.TextChoices):
    """What can happen to a booking."""

    BOOKED = "booked", _("Booked")
    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("Marked as no-show")
    NO_SHOW_UNDONE = "no_show_undone", _("No-show taken back")
    REMINDED = "reminded", _("Reminder mailed")
    MAIL_FAILED = "mail_failed", _("Mail not delivered")
    MAIL_SENT_AGAIN = "mail_sent_again", _("Mail sent again")
    MAIL_DISMISSED = "mail_dismissed", _("Undelivered mail dismissed")


class BookingEvent(models.Model):
    """One thing that happened to a booking. It holds no secret address."""

    booking = models.ForeignKey(Booking, on_delete=models.DB_CASCADE, related_name="events", verbose_name=_("booking"))
    happened_at = models.DateTimeField(_("when"), help_text=_("On the database's clock."))
    kind = models.CharField(_("what"), max_length=20, choices=BookingEventKind)
    by = models.CharField(_("by"), max_length=10, choices=Party, blank=True, help_text=_("Blank: by itself."))
    # What else is to be known, by name: `reason`, as typed; `former_starts_at` and `former_ends_at`, as ISO texts;
    # `minutes_before` of a reminder; of a mail `mail_kind`, `recipient` and `guest_place`, as in MailName.
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("event of a booking")
        verbose_name_plural = _("events of bookings")
        indexes = [models.Index(fields=["booking", "happened_at"], name="booking_event_by_booking")]

    def __str__(self) -> str:
        return str(self.get_kind_display())
