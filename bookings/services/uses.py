"""Giving the use that a booking holds back to its private link, once."""

from bookings.models import Booking
from privatelinks.services.uses import give_back_use


def return_use(booking: Booking) -> None:
    """Give the use back if the booking holds one; it holds none from now on. The link's row is to be locked."""
    if booking.private_link_id is None or not booking.holds_use:
        return
    booking.holds_use = False
    booking.save(update_fields=["holds_use"])
    give_back_use(booking.private_link_id)
