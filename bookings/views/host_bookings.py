"""A host's bookings: the lists, one booking, and cancelling it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.agenda import by_day, reader_for
from bookings.forms.host_bookings import BookingFilterForm, CancelForm
from bookings.history import history
from bookings.models import Booking, BookingQuerySet
from bookings.reading_time import Reader, zone_name
from bookings.services.cancelling import NotCancellableError, cancel_by_host
from bookings.views.book_again import book_again_path
from eventtypes.clock import database_now
from eventtypes.views.access import HostRequest

PER_PAGE = 25


class BookingList(TextChoices):
    """The lists that a host's bookings are in."""

    UPCOMING = "upcoming", gettext_lazy("Upcoming")
    PAST = "past", gettext_lazy("Past")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


@dataclass(frozen=True, slots=True)
class Tab:
    """A list, as its tab shows it."""

    label: str
    url: str
    is_current: bool


@require_safe
def bookings_start(request: HostRequest) -> HttpResponse:
    """Lead to the bookings that come next."""
    return redirect("bookings", BookingList.UPCOMING.value)


@never_cache
@require_safe
def bookings(request: HostRequest, which: str) -> HttpResponse:
    """Show one list of the host's bookings, by day, or those of it that the query asks for."""
    if which not in BookingList:
        raise Http404
    form = BookingFilterForm(request.GET, host=request.user)
    listed = _listed(BookingList(which), Booking.objects.owned_by(request.user), database_now())
    page = Paginator(form.narrow(listed).select_related("private_link"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "which": which,
        "tabs": _tabs(which),
        "form": form,
        "page_obj": page,
        "days": by_day(page, reader_for(request.user)),
        "zone": zone_name(request.user.time_zone),
    }
    return render(request, "bookings/host_bookings.html", context)


@never_cache
@require_safe
def host_booking(request: HostRequest, uid: UUID) -> HttpResponse:
    """Show everything about one booking."""
    booking = _own_booking(request, uid)
    now = database_now()
    context = _facts(booking) | {
        "list_url": reverse("bookings", args=[_list_of(booking, now).value]),
        "is_cancellable": booking.can_be_cancelled(now),
        "is_markable": booking.can_be_marked(now),
        "history": history(booking),
        "book_again_url": f"{settings.SITE_URL}{path}" if (path := book_again_path(booking)) else "",
        "form": CancelForm(None, booking=booking),
    }
    return render(request, "bookings/host_booking.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def host_booking_cancel(request: HostRequest, uid: UUID) -> HttpResponse:
    """Ask whether to cancel the booking, or do it."""
    booking = _own_booking(request, uid)
    if request.method == "POST":
        return _cancel(request, booking)
    if not booking.can_be_cancelled(database_now()):
        return redirect("host_booking", uid)
    context = _facts(booking) | {"form": CancelForm(None, booking=booking)}
    return render(request, "bookings/host_booking_cancel.html", context)


def _cancel(request: HostRequest, booking: Booking) -> HttpResponse:
    if booking.is_cancelled:
        messages.info(request, _("The booking was cancelled before."))
        return redirect("host_booking", booking.uid)
    form = CancelForm(request.POST, booking=booking)
    form.is_valid()
    try:
        cancel_by_host(booking=booking, gives_use_back=form.cleaned_data.get("gives_use_back", False))
    except NotCancellableError:
        messages.error(request, _("The meeting has begun, so it cannot be cancelled any more."))
    else:
        messages.success(request, _("The booking is cancelled. %(name)s gets a mail.") % {"name": booking.invitee_name})
    return redirect("host_booking", booking.uid)


def _own_booking(request: HostRequest, uid: UUID) -> Booking:
    own = Booking.objects.owned_by(request.user).select_related("host", "event_type__host", "private_link")
    return get_object_or_404(own, uid=uid)


def _listed(which: BookingList, bookings: BookingQuerySet, now: datetime) -> BookingQuerySet:
    match which:
        case BookingList.UPCOMING:
            return bookings.upcoming(now)
        case BookingList.PAST:
            return bookings.past(now)
        case BookingList.CANCELLED:
            return bookings.cancelled()


def _list_of(booking: Booking, now: datetime) -> BookingList:
    """Return the list that has the booking."""
    if booking.is_cancelled:
        return BookingList.CANCELLED
    return BookingList.UPCOMING if booking.ends_at > now else BookingList.PAST


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(str(each.label), reverse("bookings", args=[each.value]), is_current=each.value == current)
        for each in BookingList
    ]


def _facts(booking: Booking) -> dict[str, object]:
    """Return the booking, and its times where the host is and where the invitee is."""
    host_reader = reader_for(booking.host)
    invitee_reader = Reader(booking.invitee_time_zone, host_reader.clock)
    return {
        "booking": booking,
        "when": host_reader.span(booking.starts_at, booking.ends_at),
        "zone": zone_name(host_reader.zone),
        "invitee_when": invitee_reader.span(booking.starts_at, booking.ends_at),
        "invitee_zone": zone_name(invitee_reader.zone),
    }
