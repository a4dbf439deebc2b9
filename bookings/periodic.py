"""Jobs by the clock about bookings: reminders."""

from procrastinate.contrib.django import app

from bookings.services.reminders import queue_due_reminders


@app.periodic(cron="* * * * *")
@app.task(name="bookings.queue_reminders", queueing_lock="bookings.queue_reminders")
def queue_reminders(timestamp: int) -> None:
    """Queue the reminders that are due."""
    queue_due_reminders()
