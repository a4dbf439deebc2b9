"""A host's bookings: the lists, one booking, and what its host decides about it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions import Action, find_obstacle
from bookings.agenda import by_day, reader_for
from bookings.forms.host_bookings import BookingFilterForm, CancelForm
from bookings.forms.reason import ReasonForm
from bookings.forms.seen import SeenForm
from bookings.history import history
from bookings.models import Booking, BookingQuerySet, Party, has_undelivered_mail
from bookings.presentation import former_time, obstacle_in_words
from bookings.reading_time import Reader, full_date, zone_name
from bookings.services.cancelling import cancel_by_host
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.refusals import (
    BookingMovedError,
    NotCancellableError,
    NotConfirmableError,
    NotDeclinableError,
)
from bookings.undelivered import undelivered_mails
from bookings.versions import is_moved_since
from bookings.views.access import own_booking
from bookings.views.book_again import book_again_path
from eventtypes.clock import database_now
from eventtypes.views.access import HostRequest

PER_PAGE = 25


class BookingList(TextChoices):
    """The lists that a host's bookings are in."""

    UPCOMING = "upcoming", gettext_lazy("Upcoming")
    PENDING = "pending", gettext_lazy("Pending")
    PAST = "past", gettext_lazy("Past")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


@dataclass(frozen=True, slots=True)
class Tab:
    """A list, as its tab shows it."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


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
    own = listed(BookingList(which), Booking.objects.owned_by(request.user), database_now())
    rows = form.narrow(own).select_related("private_link").annotate(has_undelivered_mail=has_undelivered_mail())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "which": which,
        "tabs": _tabs(which, form.asked, Booking.objects.owned_by(request.user).pending().count()),
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
    booking = own_booking(request, uid)
    now = database_now()
    context = _facts(booking) | {
        "list_url": reverse("bookings", args=[_list_of(booking, now).value]),
        "link_is_now": _present_link_name(booking),
        "can": {action.value: find_obstacle(action, booking, Party.HOST, now) is None for action in Action},
        "is_markable": booking.can_be_marked(now),
        "book_again_url": f"{settings.SITE_URL}{path}"
        if not booking.is_erased and (path := book_again_path(booking))
        else "",
        "form": CancelForm(None, booking=booking),
        "history": history(booking),
        "former_time": former_time(booking),
        "erased_on": full_date(reader_for(booking.host).date(booking.erased_at)) if booking.erased_at else "",
        "undelivered": undelivered_mails(booking, now),
    }
    return render(request, "bookings/host_booking.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def host_booking_cancel(request: HostRequest, uid: UUID) -> HttpResponse:
    """Ask whether to cancel the booking, or do it."""
    booking = own_booking(request, uid)
    if request.method != "POST":
        return _ask(request, booking, Action.CANCEL, CancelForm(None, booking=booking))
    if booking.is_cancelled:
        messages.info(request, _("The booking was cancelled before."))
        return redirect("host_booking", booking.uid)
    form = CancelForm(request.POST, booking=booking)
    if not form.is_valid():
        return _ask(request, booking, Action.CANCEL, form)
    return _cancel(request, booking, form)


def _cancel(request: HostRequest, booking: Booking, form: CancelForm) -> HttpResponse:
    gives_use_back, reason = form.cleaned_data.get("gives_use_back", False), form.cleaned_data["reason"]
    seen = SeenForm.sequence_in(request.POST)
    try:
        cancel_by_host(booking=booking, gives_use_back=gives_use_back, reason=reason, seen_sequence=seen)
    except BookingMovedError:
        return _ask(request, own_booking(request, booking.uid), Action.CANCEL, form)
    except NotCancellableError as refused:
        messages.error(request, obstacle_in_words(Action.CANCEL, refused.obstacle, booking))
    else:
        messages.success(
            request, _("The booking is cancelled. %(name)s gets a mail.") % {"name": booking.invitee_label}
        )
    return redirect("host_booking", booking.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def host_booking_accept(request: HostRequest, uid: UUID) -> HttpResponse:
    """Confirm a booking that waits for it; the button is on the page of the booking."""
    booking = own_booking(request, uid)
    if request.method != "POST":
        return redirect("host_booking", uid)
    if booking.is_confirmed:
        messages.info(request, _("The booking was accepted before."))
        return redirect("host_booking", uid)
    try:
        confirm_booking(booking=booking, seen_sequence=SeenForm.sequence_in(request.POST))
    except NotConfirmableError as refused:
        messages.error(request, obstacle_in_words(Action.CONFIRM, refused.obstacle, booking))
    except BookingMovedError:
        name = booking.invitee_name
        messages.warning(
            request, _("%(name)s has asked for another time since. Please look at it again.") % {"name": name}
        )
    else:
        messages.success(request, _("The booking is accepted. %(name)s gets a mail.") % {"name": booking.invitee_label})
    return redirect("host_booking", uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def host_booking_decline(request: HostRequest, uid: UUID) -> HttpResponse:
    """Ask whether to decline a booking that waits for an answer, or do it."""
    booking = own_booking(request, uid)
    if request.method != "POST":
        return _ask(request, booking, Action.DECLINE, ReasonForm())
    if booking.is_declined:
        messages.info(request, _("The booking was declined before."))
        return redirect("host_booking", uid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _ask(request, booking, Action.DECLINE, form)
    return _decline(request, booking, form)


def _decline(request: HostRequest, booking: Booking, form: ReasonForm) -> HttpResponse:
    seen = SeenForm.sequence_in(request.POST)
    try:
        decline_booking(booking=booking, reason=form.cleaned_data["reason"], seen_sequence=seen)
    except BookingMovedError:
        return _ask(request, own_booking(request, booking.uid), Action.DECLINE, form)
    except NotDeclinableError as refused:
        messages.error(request, obstacle_in_words(Action.DECLINE, refused.obstacle, booking))
    else:
        messages.success(request, _("The booking is declined. %(name)s gets a mail.") % {"name": booking.invitee_label})
    return redirect("host_booking", booking.uid)


def _ask(request: HostRequest, booking: Booking, action: Action, form: Form) -> HttpResponse:
    """Ask on a page whether it is to be done, and say so if the booking has been moved since the host looked.

    If it cannot be done, it leads back to the booking.
    """
    if find_obstacle(action, booking, Party.HOST, database_now()):
        return redirect("host_booking", booking.uid)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if is_moved_since(booking, SeenForm.sequence_in(request.POST)):
        form.add_error(None, _("The booking has been moved since you looked at it. Please look at its time again."))
        status = HTTPStatus.CONFLICT
    context = _facts(booking) | {"form": form}
    return render(request, f"bookings/host_booking_{action.value}.html", context, status=status)


def listed(which: BookingList, bookings: BookingQuerySet, now: datetime) -> BookingQuerySet:
    """Return those of the bookings that are in the list, in its order."""
    match which:
        case BookingList.UPCOMING:
            return bookings.upcoming(now)
        case BookingList.PENDING:
            return bookings.pending()
        case BookingList.PAST:
            return bookings.past(now)
        case BookingList.CANCELLED:
            return bookings.cancelled()


def _list_of(booking: Booking, now: datetime) -> BookingList:
    """Return the list that has the booking."""
    if not booking.holds_time:
        return BookingList.CANCELLED
    if booking.is_pending:
        return BookingList.PENDING
    return BookingList.UPCOMING if booking.ends_at > now else BookingList.PAST


def _tabs(current: str, asked: dict[str, str], pending: int) -> list[Tab]:
    """Return the tabs, which keep what was asked for; beside theirs stands how many bookings wait, if any do."""
    counts = {BookingList.PENDING: pending or None}
    return [
        Tab(
            str(each.label),
            reverse("bookings", args=[each.value], query=asked),
            is_current=each.value == current,
            count=counts.get(each),
        )
        for each in BookingList
    ]


def _present_link_name(booking: Booking) -> str:
    """Return what the private link is called now, if it has been renamed since the booking."""
    name = str(booking.private_link or "")
    return "" if name == booking.private_link_name else name


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
