"""The invitee's page of a booking: what, when and where, into the calendar, and cancelling."""

import uuid
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings import calendar_files
from bookings.calendar_links import google_url, outlook_url, yahoo_url
from bookings.models import Booking
from bookings.reading_time import Reader, clock_of_language, full_date, zone_name
from bookings.services.cancelling import NotCancellableError, cancel_by_invitee
from bookings.views.book_again import book_again_path
from bookings.views.secret_page import secret_page
from bookings.views.time_zone_options import time_zone_options
from eventtypes.clock import ClockTimestamp, read_at
from eventtypes.time_zones import real_zone


class State(StrEnum):
    """What the page says first."""

    AHEAD = "ahead"
    BEGUN = "begun"
    OVER = "over"
    CANCELLED = "cancelled"


@secret_page
@login_not_required
@require_safe
def booking(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show the booking to its invitee; `?tz=` says in another time zone than the invitee's, and is kept nowhere."""
    found, now = _find(uid)
    zone = real_zone(request.GET.get("tz", "")) or found.invitee_time_zone
    page = _facts(request, found, zone) | {
        "time_zone_options": time_zone_options(zone.key),
        "state": _state(found, now),
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
    found, now = _find(uid)
    if request.method == "POST":
        return _cancel(found)
    if not found.can_be_cancelled(now):
        return redirect(found)
    page = _facts(request, found, found.invitee_time_zone) | {
        "link_note": _link_note(found, now),
        "can_book_again": bool(book_again_path(found)),
    }
    return render(request, "bookings/cancel.html", page)


@secret_page
@login_not_required
@require_safe
def booking_ics(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hand out the calendar file."""
    found, _now = _find(uid)
    headers = {"Content-Disposition": 'attachment; filename="event.ics"'}
    return HttpResponse(calendar_files.booking_ics(found), content_type="text/calendar; charset=utf-8", headers=headers)


def _find(uid: uuid.UUID) -> tuple[Booking, datetime]:
    """Return the booking and the present instant on the database's clock (one query)."""
    bookings = Booking.objects.select_related("host", "event_type__host", "private_link__event_type__host")
    found = bookings.annotate(now=ClockTimestamp()).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found, read_at(found)


def _cancel(found: Booking) -> HttpResponse:
    try:
        cancel_by_invitee(booking=found)
    except NotCancellableError:
        # It began while the question stood on the screen; the page of the booking says so.
        return redirect(found)
    return redirect(found)


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
    if found.starts_at > now:
        return State.AHEAD
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
