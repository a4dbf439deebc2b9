"""A booking as it was after one of its changes: a mail is sent later, and says what was decided then."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from bookings.models import Booking, Move


@dataclass(frozen=True, slots=True)
class Version:
    """The booking after the change that has the number; it is to be read, not to be saved."""

    booking: Booking
    ics_sequence: int
    # If the change gave the booking another time.
    move: Move | None


def version_of(booking: Booking, ics_sequence: int) -> Version:
    """Return the booking with the times that it had then (one query)."""
    moves = list(booking.moves.filter(ics_sequence__gte=ics_sequence)[:2])
    move = moves.pop(0) if moves and moves[0].ics_sequence == ics_sequence else None
    if moves:
        booking = _at(booking, moves[0].former_starts_at, moves[0].former_ends_at)
    return Version(booking, ics_sequence, move)


def before_move(booking: Booking, move: Move) -> Booking:
    """Return the booking with the times that the move took from it; it is to be read, not to be saved."""
    return _at(booking, move.former_starts_at, move.former_ends_at)


def _at(booking: Booking, starts_at: datetime, ends_at: datetime) -> Booking:
    booking = copy(booking)
    booking.starts_at, booking.ends_at = starts_at, ends_at
    return booking
