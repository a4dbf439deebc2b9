"""Holding one booking: the locks in their order, and the booking as it is once they are held."""

from datetime import datetime

from bookings.models import Booking
from eventtypes.clock import database_now
from eventtypes.services.locking import lock_host
from privatelinks.services.locking import lock_links


def lock_booking(booking: Booking) -> tuple[Booking, datetime]:
    """Take the locks, and read the booking and the clock again. Whatever was read before is stale."""
    take_locks(booking)
    related = ["host", "private_link", "event_type__host", "event_type__schedule"]
    return Booking.objects.select_related(*related).get(pk=booking.pk), database_now()


def take_locks(booking: Booking) -> None:
    """Hold the rows of the host, of the link, which may have been deleted meanwhile, and of the booking."""
    lock_host(booking.host_id)
    link_id = Booking.objects.values_list("private_link", flat=True).get(pk=booking.pk)
    if link_id is not None:
        lock_links([link_id])
    Booking.objects.select_for_update(no_key=True).values_list("pk").get(pk=booking.pk)
