"""A mail about a booking that could not be delivered: the host sends it again, or dismisses it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.models import Booking
from bookings.services.mail_again import NotWorthSendingError, dismiss_failure, send_again
from eventtypes.views.access import HostRequest


@require_POST
def host_booking_send_again(request: HostRequest, uid: UUID, failure_id: int) -> HttpResponse:
    """Send the mail again, once, however often the button is pressed."""
    booking = get_object_or_404(Booking.objects.owned_by(request.user), uid=uid)
    try:
        send_again(booking=booking, failure_id=failure_id)
    except NotWorthSendingError:
        messages.info(request, _("There is nothing to send again: the mail has been delivered, or is out of date."))
    else:
        messages.success(request, _("The mail is sent again. If that fails too, it is said here."))
    return redirect("host_booking", uid)


@require_POST
def host_booking_dismiss(request: HostRequest, uid: UUID, failure_id: int) -> HttpResponse:
    """Take the mail off the page; the history still has it."""
    booking = get_object_or_404(Booking.objects.owned_by(request.user), uid=uid)
    dismiss_failure(booking=booking, failure_id=failure_id)
    messages.success(request, _("Dismissed. The history of the booking still tells of it."))
    return redirect("host_booking", uid)
