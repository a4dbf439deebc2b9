"""A booking as it was once: mails are sent later than what they tell of, and forms are sent again."""

import uuid
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

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


def is_moved_since(booking: Booking, ics_sequence: int | None) -> bool:
    """Tell whether the booking has got another time after that change; None is its last one (one query at most)."""
    if ics_sequence in (None, booking.ics_sequence):
        return False
    return booking.moves.filter(ics_sequence__gt=ics_sequence).exists()


@dataclass(frozen=True, slots=True)
class MadeBooking:
    """What a form has booked, and the start that it asked for: the booking may have been moved since."""

    booking: Booking
    starts_at: datetime


def find_made_with(request_key: uuid.UUID) -> MadeBooking | None:
    """Return what the form with the key has booked, if it has, with the event type (one query)."""
    first_move = Move.objects.filter(booking=OuterRef("pk")).order_by("ics_sequence").values("former_starts_at")[:1]
    bookings = Booking.objects.select_related("event_type").filter(request_key=request_key)
    booking = bookings.annotate(asked_for=Coalesce(Subquery(first_move), F("starts_at"))).first()
    return None if booking is None else MadeBooking(booking, booking.__dict__["asked_for"])


def before_move(booking: Booking, move: Move) -> Booking:
    """Return the booking with the times that the move took from it; it is to be read, not to be saved."""
    return _at(booking, move.former_starts_at, move.former_ends_at)


def _at(booking: Booking, starts_at: datetime, ends_at: datetime) -> Booking:
    booking = copy(booking)
    booking.starts_at, booking.ends_at = starts_at, ends_at
    return booking
