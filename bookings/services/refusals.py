"""Why a service refuses to do something with a booking: one error for each verb, with the obstacle."""

from bookings.actions import Obstacle


class RefusedError(Exception):
    """It cannot be done with the booking, or no longer, or not by this side."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


class BookingChangedError(Exception):
    """The booking is not as it was when somebody decided about it."""


class NotConfirmableError(RefusedError):
    """The booking waits for no answer, or its time has come."""


class NotDeclinableError(RefusedError):
    """The booking waits for no answer."""


class NotReschedulableError(RefusedError):
    """The booking does not stand, has begun, or is not for this side to move."""


class NotCancellableError(RefusedError):
    """The booking does not stand, has begun, or is not for this side to cancel."""
