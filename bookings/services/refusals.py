"""Why a service refuses to do something with a booking: one error for each verb, with the obstacle."""

from bookings.actions import Obstacle
from bookings.models import Booking
from bookings.versions import is_moved_since


class RefusedError(Exception):
    """It cannot be done with the booking, or no longer, or not by this side."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


class BookingMovedError(Exception):
    """The booking has got another time since somebody decided about it."""


def check_seen(booking: Booking, seen_sequence: int | None) -> None:
    """Refuse a decision about the booking with the time that it had after another change; None stands for any.

    Raises:
        BookingMovedError: It has been moved since.
    """
    if is_moved_since(booking, seen_sequence):
        raise BookingMovedError


class NotConfirmableError(RefusedError):
    """The booking waits for no answer, or its time has come."""


class NotDeclinableError(RefusedError):
    """The booking waits for no answer."""


class NotReschedulableError(RefusedError):
    """The booking does not stand, has begun, or is not for this side to move."""


class NotCancellableError(RefusedError):
    """The booking does not stand, has begun, or is not for this side to cancel."""
