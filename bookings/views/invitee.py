"""The invitee's page of a booking: what, when and where, into the calendar, and cancelling it."""

import uuid
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings import calendar_files
from bookings.actions import Action, find_obstacle
from bookings.calendar_links import google_url, outlook_url, yahoo_url
from bookings.forms.reason import ReasonForm
from bookings.forms.seen import SeenForm
from bookings.models import Booking, Party
from bookings.presentation import obstacle_in_words
from bookings.reading_time import Reader, clock_of_language, full_date, zone_name
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.refusals import BookingMovedError, NotCancellableError
from bookings.versions import is_moved_since
from bookings.views.access import invitees_booking
from bookings.views.book_again import book_again_path
from bookings.views.secret_page import secret_page
from bookings.views.time_zone_options import time_zone_options
from eventtypes.time_zones import real_zone


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
    """Show the booking to its invitee; `?tz=` says in another time zone than the invitee's, and is kept nowhere."""
    found, now = invitees_booking(uid)
    obstacles = {
        action: find_obstacle(action, found, Party.INVITEE, now) for action in (Action.RESCHEDULE, Action.CANCEL)
    }
    zone = real_zone(request.GET.get("tz", "")) or found.invitee_time_zone
    page = _facts(request, found, zone) | {
        "time_zone_options": time_zone_options(zone.key),
        "state": _state(found, now),
        "can": {action.value: obstacle is None for action, obstacle in obstacles.items()},
        "why_not": [obstacle_in_words(action, why, found) for action, why in obstacles.items() if why],
        "google_url": google_url(found),
        "outlook_url": outlook_url(found),
        "yahoo_url": yahoo_url(found),
        "book_again_url": book_again_path(found),
    }
    return render(request, "bookings/booking.html", page)


@secret_page
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask whether to cancel, and cancel; what cannot be cancelled leads back to the booking, which says why."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    seen = SeenForm.sequence_in(request.POST)
    return _cancel(request, uid, form, seen) if form.is_valid() else _ask(request, uid, form, seen)


def _cancel(request: HttpRequest, uid: uuid.UUID, form: ReasonForm, seen: int | None) -> HttpResponse:
    found, _now = invitees_booking(uid)
    try:
        cancel_by_invitee(booking=found, reason=form.cleaned_data["reason"], seen_sequence=seen)
    except BookingMovedError:
        return _ask(request, uid, form, seen)
    except NotCancellableError:
        # If it began while the question stood on the screen, or was declined, the page of the booking says so.
        pass
    return redirect(found)


def _ask(request: HttpRequest, uid: uuid.UUID, form: ReasonForm, seen: int | None) -> HttpResponse:
    """Ask about the booking as it is now, and say so if it has been moved since it was seen."""
    found, now = invitees_booking(uid)
    if find_obstacle(Action.CANCEL, found, Party.INVITEE, now):
        return redirect(found)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if is_moved_since(found, seen):
        form.add_error(None, _("The meeting has been moved since you looked at it. Please look at its time again."))
        status = HTTPStatus.CONFLICT
    page = _facts(request, found, found.invitee_time_zone) | {
        "form": form,
        "link_note": _link_note(found, now),
        "can_book_again": bool(book_again_path(found)),
    }
    return render(request, "bookings/cancel.html", page, status=status)


@secret_page
@login_not_required
@require_safe
def booking_ics(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hand out the calendar file."""
    found, _now = invitees_booking(uid)
    headers = {"Content-Disposition": 'attachment; filename="event.ics"'}
    return HttpResponse(calendar_files.booking_ics(found), content_type="text/calendar; charset=utf-8", headers=headers)


def _facts(request: HttpRequest, found: Booking, zone: ZoneInfo) -> dict[str, object]:
    """Return what both pages say about the booking, with times in the zone."""
    reader = Reader(zone, clock_of_language(request.headers.get("Accept-Language", "")))
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
