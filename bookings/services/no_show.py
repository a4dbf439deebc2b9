"""Whether the invitee has come: marked by the host once the meeting has begun, and taken back as easily."""

from django.db import transaction

from bookings.models import Booking, BookingEventKind, Party
from bookings.services.history import remember
from bookings.services.locking import lock_booking


class NotMarkableError(Exception):
    """The meeting has not begun, or does not take place."""


@transaction.atomic
def mark_no_show(*, booking: Booking) -> Booking:
    """Mark that the invitee did not come; a booking that is marked already stays as it is.

    Raises:
        NotMarkableError: The meeting has not begun, or does not take place.
    """
    return _mark(booking, is_no_show=True)


@transaction.atomic
def undo_no_show(*, booking: Booking) -> Booking:
    """Take the mark back; a booking without one stays as it is.

    Raises:
        NotMarkableError: The meeting has not begun, or does not take place.
    """
    return _mark(booking, is_no_show=False)


def _mark(booking: Booking, *, is_no_show: bool) -> Booking:
    booking, now = lock_booking(booking)
    if not booking.can_be_marked(now):
        raise NotMarkableError
    if booking.is_no_show != is_no_show:
        booking.is_no_show = is_no_show
        booking.save(update_fields=["is_no_show"])
        kind = BookingEventKind.NO_SHOW if is_no_show else BookingEventKind.NO_SHOW_UNDONE
        remember(booking, kind, now, by=Party.HOST)
    return booking
