"""Jobs by the clock about bookings: requests that nobody has answered in time are declined, reminders are mailed."""

from procrastinate.contrib.django import app

from bookings.services.confirming import decline_unanswered_bookings
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
