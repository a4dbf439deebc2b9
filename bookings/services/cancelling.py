"""Cancelling a booking: final, and the same for both sides but for who decides about the use."""

from datetime import datetime

from django.db import transaction

from bookings.emails import MailKind
from bookings.models import Booking, BookingEventKind, BookingStatus, Party
from bookings.services.history import remember
from bookings.tasks import queue_mails
from eventtypes.clock import database_now
from eventtypes.services.locking import lock_host
from privatelinks.services.locking import lock_links
from privatelinks.services.uses import give_back_use


class NotCancellableError(Exception):
    """The meeting has begun, or is over."""


@transaction.atomic
def cancel_by_invitee(*, booking: Booking) -> Booking:
    """Cancel the booking; its use goes back to the private link if the link gives uses back.

    A booking that is cancelled already stays as it is, and no mail is sent again.

    Raises:
        NotCancellableError: The meeting has begun, or is over.
    """
    return _cancel(booking, by=Party.INVITEE, gives_use_back=None)


@transaction.atomic
def cancel_by_host(*, booking: Booking, gives_use_back: bool) -> Booking:
    """Cancel the booking; its use goes back to the private link if the host says so.

    A booking that is cancelled already stays as it is, and no mail is sent again.

    Raises:
        NotCancellableError: The meeting has begun, or is over.
    """
    return _cancel(booking, by=Party.HOST, gives_use_back=gives_use_back)


def _cancel(booking: Booking, *, by: Party, gives_use_back: bool | None) -> Booking:
    booking = _lock(booking)
    now = database_now()
    if booking.is_cancelled:
        return booking
    if not booking.can_be_cancelled(now):
        raise NotCancellableError
    _mark_cancelled(booking, by, now)
    remember(booking, BookingEventKind.CANCELLED, now, by=by)
    link = booking.private_link
    if link is not None and booking.holds_use and (link.returns_uses if gives_use_back is None else gives_use_back):
        _give_use_back(booking, link.pk)
    queue_mails(booking, MailKind.CANCELLED)
    return booking


def _lock(booking: Booking) -> Booking:
    """Take the locks in their order, and read the booking again; its link may have been deleted meanwhile."""
    lock_host(booking.host_id)
    link_id = Booking.objects.values_list("private_link", flat=True).get(pk=booking.pk)
    if link_id is not None:
        lock_links([link_id])
    Booking.objects.select_for_update(no_key=True).values_list("pk").get(pk=booking.pk)
    return Booking.objects.select_related("host", "private_link").get(pk=booking.pk)


def _mark_cancelled(booking: Booking, by: Party, now: datetime) -> None:
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_at = now
    booking.cancelled_by = by
    booking.ics_sequence += 1
    booking.save(update_fields=["status", "cancelled_at", "cancelled_by", "ics_sequence"])


def _give_use_back(booking: Booking, link_id: int) -> None:
    booking.holds_use = False
    booking.save(update_fields=["holds_use"])
    give_back_use(link_id)
