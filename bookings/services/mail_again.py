"""What a host does about a mail that could not be delivered: send it again, once for each failure, or dismiss it."""

from django.db import transaction

from bookings.models import Booking, BookingEventKind, Party
from bookings.services.history import remember
from bookings.services.locking import lock_booking
from bookings.tasks import queue_mail_again


class NotWorthSendingError(Exception):
    """A later mail has overtaken it, the meeting of a reminder has begun, or it has been delivered meanwhile."""


@transaction.atomic
def send_again(*, booking: Booking, failure_id: int) -> None:
    """Queue the mail that could not be delivered; one that is on its way already is not queued again.

    Raises:
        NotWorthSendingError: It tells what is not true any more, or nothing is known of such a failure.
    """
    booking, now = lock_booking(booking)
    failure = booking.mail_failures.filter(pk=failure_id).first()
    if failure is None or not failure.is_worth_sending(booking, now):
        raise NotWorthSendingError
    if booking.mail_failures.filter(pk=failure_id, sent_again_at__isnull=True).update(sent_again_at=now):
        queue_mail_again(failure)
        remember(booking, BookingEventKind.MAIL_SENT_AGAIN, now, by=Party.HOST, **failure.name.details)


@transaction.atomic
def dismiss_failure(*, booking: Booking, failure_id: int) -> None:
    """Tell no more of the mail that could not be delivered, but in the history.

    One that is on its way again stays; gone is gone.
    """
    booking, now = lock_booking(booking)
    failure = booking.mail_failures.filter(pk=failure_id, sent_again_at__isnull=True).first()
    if failure is not None:
        failure.delete()
        remember(booking, BookingEventKind.MAIL_DISMISSED, now, by=Party.HOST, **failure.name.details)
