"""The invitee's page of a booking: what, when and where, into the calendar, and cancelling it."""

import uuid
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings import calendar_files
from bookings.actions import Action, find_obstacle
from bookings.calendar_links import google_url, outlook_url
from bookings.forms.reason import ReasonForm
from bookings.models import Booking, Party
from bookings.presentation import obstacle_in_words
from bookings.reading_time import Reader, clock_of_language, full_date, zone_name
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.refusals import NotCancellableError
from bookings.views.access import invitees_booking
from bookings.views.secret_page import secret_page


class State(StrEnum):
    """What the page says first."""

    # It is for the host to confirm.
    WAITING = "waiting"
    AHEAD = "ahead"
    BEGUN = "begun"
    OVER = "over"
    DECLINED = "declined"
    # The host has not answered in time.
    NOT_ANSWERED = "not_answered"
    CANCELLED = "cancelled"


@secret_page
@login_not_required
@require_safe
def booking(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show the booking to its invitee."""
    found, now = invitees_booking(uid)
    obstacles = {
        action: find_obstacle(action, found, Party.INVITEE, now) for action in (Action.RESCHEDULE, Action.CANCEL)
    }
    page = _facts(request, found) | {
        "state": _state(found, now),
        "can": {action.value: obstacle is None for action, obstacle in obstacles.items()},
        "why_not": [obstacle_in_words(action, why, found) for action, why in obstacles.items() if why],
        "google_url": google_url(found),
        "outlook_url": outlook_url(found),
        "book_again_url": _book_again_url(found),
    }
    return render(request, "bookings/booking.html", page)


@secret_page
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask whether to cancel, and cancel; what cannot be cancelled leads back to the booking, which says why."""
    found, now = invitees_booking(uid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _cancel(found, form.cleaned_data["reason"])
    if find_obstacle(Action.CANCEL, found, Party.INVITEE, now):
        return redirect(found)
    page = _facts(request, found) | {
        "form": form,
        "link_note": _link_note(found, now),
        "can_book_again": bool(_book_again_url(found)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "bookings/cancel.html", page, status=status)


@secret_page
@login_not_required
@require_safe
def booking_ics(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hand out the calendar file."""
    found, _now = invitees_booking(uid)
    headers = {"Content-Disposition": 'attachment; filename="event.ics"'}
    return HttpResponse(calendar_files.booking_ics(found), content_type="text/calendar; charset=utf-8", headers=headers)


def _cancel(found: Booking, reason: str) -> HttpResponse:
    # If it began while the question stood on the screen, or was declined, the page of the booking says so.
    with suppress(NotCancellableError):
        cancel_by_invitee(booking=found, reason=reason)
    return redirect(found)


def _facts(request: HttpRequest, found: Booking) -> dict[str, object]:
    """Return what both pages say about the booking, in the words of its invitee's time zone."""
    reader = Reader(found.invitee_time_zone, clock_of_language(request.headers.get("Accept-Language", "")))
    return {
        "booking": found,
        "day": full_date(reader.date(found.starts_at)),
        "hours": reader.hours(found.starts_at, found.ends_at),
        "zone_name": zone_name(reader.zone),
    }


def _state(found: Booking, now: datetime) -> State:
    if found.is_cancelled:
        return State.CANCELLED
    if found.declined_by:
        return State.DECLINED
    if found.is_declined or (found.is_pending and found.starts_at <= now):
        return State.NOT_ANSWERED
    if found.starts_at > now:
        return State.WAITING if found.is_pending else State.AHEAD
    return State.BEGUN if found.ends_at > now else State.OVER


def _book_again_url(found: Booking) -> str:
    """Return where another time can be booked, which a private link never tells."""
    event_type = found.event_type
    if event_type is None or not event_type.is_open_by_url:
        return ""
    return reverse("book_event_type", args=[event_type.host.username, event_type.slug])


def _link_note(found: Booking, now: datetime) -> str:
    """Say whether the private link that it came through can still be used once the booking is cancelled."""
    link = found.private_link
    if link is None:
        return _("The link that you booked with is no longer available.") if found.private_link_name else ""
    if found.holds_use and link.returns_uses:
        # As it will be; it is not stored here.
        link.usage_count -= 1
    if link.is_live(now):
        return ""
    if link.uses_left == 0:
        return _("The link that you booked with has no use left.")
    return _("The link that you booked with is no longer available.")
