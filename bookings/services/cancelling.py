"""Cancelling a booking: final, and the same for both sides but for who decides about the use."""

from datetime import datetime

from django.db import transaction

from bookings.actions import Action, find_obstacle
from bookings.emails import MailKind
from bookings.models import Booking, BookingEventKind, BookingStatus, Party
from bookings.services.history import remember
from bookings.services.locking import lock_booking
from bookings.services.refusals import NotCancellableError, check_seen
from bookings.services.uses import return_use
from bookings.tasks import queue_mails


@transaction.atomic
def cancel_by_invitee(*, booking: Booking, reason: str = "", seen_sequence: int | None = None) -> Booking:
    """Cancel the booking; its use goes back to the private link if the link gives uses back.

    The invitee has seen it as it was with that ICS sequence (None if it does not matter).
    A booking that is cancelled already stays as it is, and no mail is sent again.

    Raises:
        NotCancellableError: It is declined, has begun, or the event type forbids it to invitees, at all or by now.
        BookingMovedError: It has been moved since the invitee looked.
    """
    return _cancel(booking, by=Party.INVITEE, gives_use_back=None, reason=reason, seen_sequence=seen_sequence)


@transaction.atomic
def cancel_by_host(
    *, booking: Booking, gives_use_back: bool, reason: str = "", seen_sequence: int | None = None
) -> Booking:
    """Cancel the booking; its use goes back to the private link if the host says so.

    The host has seen it as it was with that ICS sequence (None if it does not matter).
    A booking that is cancelled already stays as it is, and no mail is sent again.

    Raises:
        NotCancellableError: It is declined, or has begun.
        BookingMovedError: It has been moved since the host looked.
    """
    return _cancel(booking, by=Party.HOST, gives_use_back=gives_use_back, reason=reason, seen_sequence=seen_sequence)


def _cancel(
    booking: Booking, *, by: Party, gives_use_back: bool | None, reason: str, seen_sequence: int | None
) -> Booking:
    booking, now = lock_booking(booking)
    if booking.is_cancelled:
        return booking
    obstacle = find_obstacle(Action.CANCEL, booking, by, now)
    if obstacle is not None:
        raise NotCancellableError(obstacle)
    check_seen(booking, seen_sequence)
    _mark_cancelled(booking, by, reason, now)
    remember(booking, BookingEventKind.CANCELLED, now, by=by, reason=reason)
    link = booking.private_link
    if link is not None and (link.returns_uses if gives_use_back is None else gives_use_back):
        return_use(booking)
    queue_mails(booking, MailKind.CANCELLED)
    return booking


def _mark_cancelled(booking: Booking, by: Party, reason: str, now: datetime) -> None:
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_at = now
    booking.cancelled_by = by
    booking.reason = reason
    booking.ics_sequence += 1
    booking.save(update_fields=["status", "cancelled_at", "cancelled_by", "reason", "ics_sequence"])
