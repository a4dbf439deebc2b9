"""The host's answer to a booking that waits for it: yes, or no, or none in time, which is a no."""

from datetime import datetime

from django.db import DatabaseError, transaction

from bookings.actions import Action, find_obstacle
from bookings.emails import MailKind
from bookings.models import Booking, BookingEventKind, BookingStatus, Party
from bookings.services.history import remember
from bookings.services.locking import lock_booking
from bookings.services.refusals import NotConfirmableError, NotDeclinableError, check_seen
from bookings.services.uses import return_use
from bookings.tasks import queue_mails
from eventtypes.clock import database_now


@transaction.atomic
def confirm_booking(*, booking: Booking, seen_sequence: int | None = None) -> Booking:
    """Confirm the booking for its host, who has seen it as it was with that ICS sequence (None if it does not matter).

    A booking that is confirmed already stays as it is, and no mail is sent again.

    Raises:
        NotConfirmableError: It is declined or cancelled, or its time has come.
        BookingMovedError: Its invitee has moved it since.
    """
    booking, now = lock_booking(booking)
    if booking.is_confirmed:
        return booking
    obstacle = find_obstacle(Action.CONFIRM, booking, Party.HOST, now)
    if obstacle is not None:
        raise NotConfirmableError(obstacle)
    check_seen(booking, seen_sequence)
    _mark_confirmed(booking, now)
    remember(booking, BookingEventKind.CONFIRMED, now, by=Party.HOST)
    queue_mails(booking, MailKind.CONFIRMED)
    return booking


@transaction.atomic
def decline_booking(*, booking: Booking, reason: str = "", seen_sequence: int | None = None) -> Booking:
    """Decline the booking for its host: its time is free again, and its use goes back to the private link.

    The host has seen it as it was with that ICS sequence (None if it does not matter).

    A booking that is declined already stays as it is, and no mail is sent again.

    Raises:
        NotDeclinableError: It is confirmed or cancelled.
        BookingMovedError: Its invitee has moved it since.
    """
    booking, now = lock_booking(booking)
    if booking.is_declined:
        return booking
    obstacle = find_obstacle(Action.DECLINE, booking, Party.HOST, now)
    if obstacle is not None:
        raise NotDeclinableError(obstacle)
    check_seen(booking, seen_sequence)
    _decline(booking, by=Party.HOST, reason=reason, now=now)
    return booking


def decline_unanswered_bookings() -> int:
    """Decline the bookings whose time has come while they waited, each in a transaction; return how many.

    Raises:
        ExceptionGroup: The database has refused some, after all of the others; their turn comes again.
    """
    count, errors = 0, []
    for booking in Booking.objects.unanswered(database_now()):
        try:
            count += _decline_if_unanswered(booking)
        except DatabaseError as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some bookings that nobody has answered could not be declined.", errors)
    return count


@transaction.atomic
def _decline_if_unanswered(booking: Booking) -> bool:
    """Decline the booking unless it has been answered, or moved to another time, since it was found."""
    booking, now = lock_booking(booking)
    if not booking.is_pending or booking.starts_at > now:
        return False
    _decline(booking, by=None, reason="", now=now)
    return True


def _decline(booking: Booking, *, by: Party | None, reason: str, now: datetime) -> None:
    _mark_declined(booking, by, reason, now)
    remember(booking, BookingEventKind.DECLINED, now, by=by or "", reason=reason)
    queue_mails(booking, MailKind.DECLINED)


def _mark_confirmed(booking: Booking, now: datetime) -> None:
    booking.status = BookingStatus.CONFIRMED
    booking.confirmed_at = now
    booking.ics_sequence += 1
    booking.save(update_fields=["status", "confirmed_at", "ics_sequence"])


def _mark_declined(booking: Booking, by: Party | None, reason: str, now: datetime) -> None:
    # The use first: the database has no declined booking that holds one.
    return_use(booking)
    booking.status = BookingStatus.DECLINED
    booking.declined_at = now
    booking.declined_by = by or ""
    booking.reason = reason
    booking.ics_sequence += 1
    booking.save(update_fields=["status", "declined_at", "declined_by", "reason", "ics_sequence"])
