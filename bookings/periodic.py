"""Jobs by the clock about bookings: those not answered in time are declined, reminders mailed, past ones erased."""

from django.conf import settings
from procrastinate.contrib.django import app

from bookings.services.confirming import decline_unanswered_bookings
from bookings.services.erasing import erase_past_bookings
from bookings.services.reminders import queue_due_reminders


@app.periodic(cron="* * * * *")
@app.task(name="bookings.decline_unanswered", queueing_lock="bookings.decline_unanswered")
def decline_unanswered(timestamp: int) -> None:
    """Decline the pending bookings whose time has come."""
    decline_unanswered_bookings()


@app.periodic(cron="* * * * *")
@app.task(name="bookings.queue_reminders", queueing_lock="bookings.queue_reminders")
def queue_reminders(timestamp: int) -> None:
    """Queue the reminders that are due."""
    queue_due_reminders()


@app.periodic(cron="47 3 * * *")
@app.task(name="bookings.erase_past", queueing_lock="bookings.erase_past")
def erase_past(timestamp: int) -> None:
    """Erase the past bookings that have been kept as long as the site keeps them, if it does not for ever."""
    if settings.BOOKINGS_KEPT_DAYS is not None:
        erase_past_bookings(kept_days=settings.BOOKINGS_KEPT_DAYS)
