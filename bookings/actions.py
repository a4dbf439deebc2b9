"""What can be done with a booking: by which side, until when, and if it cannot be done, why."""

from datetime import datetime, timedelta
from enum import StrEnum

from bookings.models import Booking, BookingStatus, Party


class Action(StrEnum):
    """What people do with a booking once it is made."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


class Obstacle(StrEnum):
    """Why somebody cannot do something with a booking."""

    CANCELLED = "cancelled"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    BEGUN = "begun"
    # Only the host may, at all or from now on.
    FORBIDDEN = "forbidden"
    TOO_LATE = "too_late"
    # The event type is deleted, or its host is gone: there is nothing to choose a time of.
    NOT_OFFERED = "not_offered"


def find_obstacle(action: Action, booking: Booking, party: Party, now: datetime) -> Obstacle | None:
    """Return why the side cannot do it now, or None if it can.

    What has been done already is in the way of doing it again. No more is asked than the booking with its event type
    and its host.
    """
    if booking.is_cancelled:
        return Obstacle.CANCELLED
    if booking.is_declined:
        return Obstacle.DECLINED
    match action:
        case Action.CONFIRM | Action.DECLINE:
            return _in_the_way_of_an_answer(action, booking, party, now)
        case Action.RESCHEDULE | Action.CANCEL:
            return _in_the_way_of_a_change(action, booking, party, now)


def _in_the_way_of_an_answer(action: Action, booking: Booking, party: Party, now: datetime) -> Obstacle | None:
    """Return why the request cannot be answered so; one whose time has come can only be declined."""
    if party == Party.INVITEE:
        return Obstacle.FORBIDDEN
    if booking.status == BookingStatus.CONFIRMED:
        return Obstacle.CONFIRMED
    return Obstacle.BEGUN if action == Action.CONFIRM and booking.starts_at <= now else None


def _in_the_way_of_a_change(action: Action, booking: Booking, party: Party, now: datetime) -> Obstacle | None:
    if booking.starts_at <= now:
        return Obstacle.BEGUN
    if action == Action.RESCHEDULE and not _is_offered(booking):
        return Obstacle.NOT_OFFERED
    return _forbidden_to_invitees(action, booking, now) if party == Party.INVITEE else None


def _is_offered(booking: Booking) -> bool:
    """Whether there is an event type with times to choose from; who can reach it does not matter."""
    return booking.event_type is not None and booking.host.is_active


def _forbidden_to_invitees(action: Action, booking: Booking, now: datetime) -> Obstacle | None:
    event_type = booking.event_type
    if event_type is None:
        return None
    may = event_type.invitees_may_cancel if action == Action.CANCEL else event_type.invitees_may_reschedule
    if not may:
        return Obstacle.FORBIDDEN
    is_too_late = booking.starts_at - timedelta(hours=event_type.change_notice_hours) <= now
    return Obstacle.TOO_LATE if is_too_late else None
