"""Why a service refuses to do something with a booking: one error for each verb, with the obstacle."""

from bookings.actions import Obstacle
from bookings.models import Booking


class RefusedError(Exception):
    """It cannot be done with the booking, or no longer, or not by this side."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


class BookingChangedError(Exception):
    """The booking is not as it was when somebody decided about it."""


def check_seen(booking: Booking, seen_sequence: int | None) -> None:
    """Refuse a decision about the booking as it was with another ICS sequence; None is one whatever it is like.

    Raises:
        BookingChangedError: It has been changed since.
    """
    if seen_sequence not in (None, booking.ics_sequence):
        raise BookingChangedError


class NotConfirmableError(RefusedError):
    """The booking waits for no answer, or its time has come."""


class NotDeclinableError(RefusedError):
    """The booking waits for no answer."""


class NotReschedulableError(RefusedError):
    """The booking does not stand, has begun, or is not for this side to move."""


class NotCancellableError(RefusedError):
    """The booking does not stand, has begun, or is not for this side to cancel."""
