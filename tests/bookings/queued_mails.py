"""The jobs that wait to send mail about bookings."""

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking


def empty_queue() -> None:
    """Forget the jobs of tests that have committed theirs: nothing empties procrastinate's tables between tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def queued_guest_mails(booking: Booking) -> list[tuple[str, int]]:
    """Return kind and place of the mails to the booking's guests that are not sent yet."""
    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_guest_mail", status="todo")
    return sorted((job.args["kind"], job.args["place"]) for job in jobs.filter(args__booking_id=booking.pk))


def queued_mails(booking: Booking | None = None) -> list[tuple[str, str]]:
    """Return kind and party of the mails about the booking that are not sent yet, or of those about any."""
    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_booking_mail", status="todo")
    if booking is not None:
        jobs = jobs.filter(args__booking_id=booking.pk)
    return sorted((job.args["kind"], job.args["party"]) for job in jobs)
