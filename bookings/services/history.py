"""The history of bookings: what is done with one is remembered in the transaction that does it."""

from datetime import datetime
from typing import Any

from bookings.models import Booking, BookingEvent, BookingEventKind


def remember(booking: Booking, kind: BookingEventKind, now: datetime, *, by: str = "", **details: Any) -> None:
    """Remember one thing that happened to the booking at `now`: who did it, and details such as the reason.

    Blank details are left out. What happened by itself was done by nobody.
    """
    known = {name: _plain(value) for name, value in details.items() if value not in ("", None)}
    BookingEvent.objects.create(booking=booking, happened_at=now, kind=kind, by=by, details=known)


def _plain(value: Any) -> Any:
    """Return what JSON can hold: instants become ISO texts."""
    return value.isoformat() if isinstance(value, datetime) else value
