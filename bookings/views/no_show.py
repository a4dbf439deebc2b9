"""What the host says after a meeting: whether the invitee has come."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.models import Booking
from bookings.services.no_show import NotMarkableError, mark_no_show, undo_no_show
from eventtypes.views.access import HostRequest


@require_POST
def host_booking_no_show(request: HostRequest, uid: UUID) -> HttpResponse:
    """Mark that the invitee did not come."""
    return _mark(request, uid, mark_no_show, _("Marked as no-show. Only you see it."))


@require_POST
def host_booking_no_show_undo(request: HostRequest, uid: UUID) -> HttpResponse:
    """Take the mark back."""
    return _mark(request, uid, undo_no_show, _("No-show taken back."))


def _mark(request: HostRequest, uid: UUID, act: Callable[..., Booking], done: str) -> HttpResponse:
    booking = get_object_or_404(Booking.objects.owned_by(request.user), uid=uid)
    try:
        act(booking=booking)
    except NotMarkableError:
        messages.error(request, _("Only a confirmed meeting that has begun can be marked as no-show."))
    else:
        messages.success(request, done)
    return redirect("host_booking", uid)
