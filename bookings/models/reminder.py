"""The reminders that have been queued: each goes out once for each time of a meeting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking


class Reminder(models.Model):
    """One reminder of one meeting, at the time that the meeting had then."""

    booking = models.ForeignKey(
        Booking, on_delete=models.DB_CASCADE, related_name="reminders", verbose_name=_("booking")
    )
    meeting_starts_at = models.DateTimeField(_("start of the meeting"))
    minutes_before = models.PositiveIntegerField(_("minutes before"))
    queued_at = models.DateTimeField(_("queued"), help_text=_("On the database's clock."))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            # Two workers may look at the same moment, and a worker again after it was restarted.
            models.UniqueConstraint(
                fields=["booking", "meeting_starts_at", "minutes_before"], name="reminder_once_for_each_time"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Reminder"))
