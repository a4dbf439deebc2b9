"""Who reaches which booking: hosts their own, and an invitee the one whose secret address is known."""

from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from bookings.models import Booking
from eventtypes.clock import ClockTimestamp, read_at
from eventtypes.views.access import HostRequest


def own_booking(request: HostRequest, uid: UUID) -> Booking:
    """Return the host's own booking with its moves (two queries).

    Raises:
        Http404: There is none, or it is another host's.
    """
    related = ["host", "event_type__host", "event_type__schedule", "private_link"]
    own = Booking.objects.owned_by(request.user).select_related(*related).prefetch_related("moves")
    return get_object_or_404(own, uid=uid)


def invitees_booking(uid: UUID) -> tuple[Booking, datetime]:
    """Return the booking and the present instant on the database's clock (one query).

    Raises:
        Http404: There is none, or it is erased.
    """
    related = ["host", "event_type__host", "event_type__schedule", "private_link__event_type__host"]
    bookings = Booking.objects.select_related(*related).annotate(now=ClockTimestamp())
    found = bookings.not_erased().filter(uid=uid).first()
    if found is None:
        raise Http404
    return found, read_at(found)
