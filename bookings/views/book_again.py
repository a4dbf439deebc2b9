"""Where somebody who has booked can book another time."""

from django.urls import reverse

from bookings.models import Booking


def book_again_path(booking: Booking) -> str:
    """Return the public address of the booking's event type, or "" if it has none: a private link is never told."""
    event_type = booking.event_type
    if event_type is None or not event_type.is_open_by_url:
        return ""
    return reverse("book_event_type", args=[event_type.host.username, event_type.slug])
