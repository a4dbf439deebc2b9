"""The moves of a booking: each time that it was rescheduled, from when to when, by whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking, Party


class Move(models.Model):
    """A booking gets another time. The booking has the last one; its moves tell the others."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="moves", verbose_name=_("booking"))
    # The booking's, once it has been moved.
    ics_sequence = models.PositiveIntegerField()
    at = models.DateTimeField(_("rescheduled"))
    by = models.CharField(_("rescheduled by"), max_length=10, choices=Party)
    # Then the meeting was in calendars, at its former time.
    was_confirmed = models.BooleanField(_("was confirmed"))
    former_starts_at = models.DateTimeField(_("former start"))
    former_ends_at = models.DateTimeField(_("former end"))

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ["ics_sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "ics_sequence"],
                name="move_changes_a_booking_once",
                violation_error_message=_("The booking has been moved by this change already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking} ({self.ics_sequence})"
