"""Rescheduling a booking, by its invitee or its host: the picker of the booking page, and one button.

All its state is in the query. No private link is needed, and the page knows none.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.actions import Action, find_obstacle
from bookings.forms.reschedule import RescheduleForm
from bookings.models import Booking, Party
from bookings.page_query import PageQuery
from bookings.picker import ChosenTime, OtherTimes, chosen_time, other_times
from bookings.presentation import move_in_words, obstacle_in_words
from bookings.services.booking import SlotUnavailableError
from bookings.services.refusals import BookingMovedError, NotReschedulableError
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from bookings.views.access import invitees_booking, own_booking
from bookings.views.booking_page import Bookable, Moving, Visit, show_picker
from bookings.views.limits import count_try
from bookings.views.secret_page import secret_page
from eventtypes.clock import database_now
from eventtypes.services.rate_limits import TooOftenError
from eventtypes.views.access import HostRequest
from eventtypes.views.too_often import too_often


@dataclass(frozen=True, slots=True)
class MovePage:
    """The last question before the booking is moved: the slot chosen, or others to choose from."""

    form: RescheduleForm
    sequence: int
    # What becomes of the booking with the new time.
    consequence: str
    duration_minutes: int
    chosen: ChosenTime | None
    others: OtherTimes | None = None
    # Somebody has changed the booking since the time was chosen.
    is_changed: bool = False


@secret_page
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_reschedule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let the invitee choose another time, and move the booking to it."""
    booking, now = invitees_booking(uid)
    if request.method == "POST":
        try:
            # Each move is a mail to everybody, as each booking is.
            count_try(request, booking.mailboxes)
        except TooOftenError as error:
            return too_often(error.retry_after)
    return _answer(request, Moving(booking, Party.INVITEE, booking.get_absolute_url()), now)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def host_booking_reschedule(request: HostRequest, uid: UUID) -> HttpResponse:
    """Let the host choose another time, and move the booking to it."""
    booking = own_booking(request, uid)
    return _answer(request, Moving(booking, Party.HOST, reverse("host_booking", args=[uid])), database_now())


def _answer(request: HttpRequest, moving: Moving, now: datetime) -> HttpResponse:
    if request.method == "POST":
        return _move(request, moving)
    event_type = moving.booking.event_type
    if event_type is None or find_obstacle(Action.RESCHEDULE, moving.booking, moving.party, now):
        # The page of the booking says why.
        return redirect(moving.url)
    visit = Visit.of(request, Bookable(event_type, now, moving=moving), PageQuery.parse(request.GET))
    month = visit.month()
    slot = month.slot_at(visit.query.start) if visit.query.start else None
    if slot is None:
        return show_picker(visit, month, "bookings/reschedule.html")
    page = MovePage(
        RescheduleForm(),
        moving.booking.ics_sequence,
        move_in_words(moving.booking, moving.party),
        visit.duration_minutes,
        chosen_time(slot, visit.query, visit.reader),
    )
    return visit.answer("bookings/reschedule_to.html", {"page": page})


def _move(request: HttpRequest, moving: Moving) -> HttpResponse:
    form = RescheduleForm(request.POST)
    if not form.is_valid():
        return _ask_again(request, moving, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        booking = _reschedule(moving, form)
    except SlotUnavailableError:
        return _ask_again(request, moving, form, HTTPStatus.CONFLICT, is_gone=True)
    except BookingMovedError:
        return _ask_again(request, moving, form, HTTPStatus.CONFLICT, is_changed=True)
    except NotReschedulableError as refused:
        _tell_host(
            request, moving, messages.ERROR, obstacle_in_words(Action.RESCHEDULE, refused.obstacle, moving.booking)
        )
        return redirect(moving.url)
    _tell_host(request, moving, *_outcome(moving.booking, booking))
    return redirect(moving.url)


def _reschedule(moving: Moving, form: RescheduleForm) -> Booking:
    reschedule = reschedule_by_host if moving.party == Party.HOST else reschedule_by_invitee
    fields = form.cleaned_data
    return reschedule(
        booking=moving.booking,
        starts_at=fields["start"],
        duration_minutes=fields["duration"],
        seen_sequence=fields["sequence"],
    )


def _outcome(before: Booking, after: Booking) -> tuple[int, str]:
    """Return what to say of a booking that has been moved, or that had the time already."""
    if after.ics_sequence == before.ics_sequence:
        return messages.INFO, _("The booking has that time already.")
    is_answer = before.is_pending and (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at)
    words = (
        _("The booking is accepted. %(name)s gets a mail.")
        if is_answer
        else _("The booking is rescheduled. %(name)s gets a mail.")
    )
    return messages.SUCCESS, words % {"name": after.invitee_label}


def _tell_host(request: HttpRequest, moving: Moving, level: int, words: str) -> None:
    """Say it on the next page; the invitee's says by itself how the booking stands, and has no session."""
    if moving.party == Party.HOST:
        messages.add_message(request, level, words)


def _ask_again(
    request: HttpRequest,
    moving: Moving,
    form: RescheduleForm,
    status: HTTPStatus,
    *,
    is_gone: bool = False,
    is_changed: bool = False,
) -> HttpResponse:
    """Show the question for the booking as it is now, with other times on offer if there is none or a wrong one."""
    moving = replace(moving, booking=_read_again(moving.booking))
    event_type, now = moving.booking.event_type, database_now()
    if event_type is None or find_obstacle(Action.RESCHEDULE, moving.booking, moving.party, now):
        return redirect(moving.url)
    fields, query = form.cleaned_data, PageQuery.parse(request.GET)
    query = replace(
        query, duration=fields.get("duration"), start=fields.get("start"), zone=fields.get("tz") or query.zone
    )
    visit = Visit.of(request, Bookable(event_type, now, moving=moving), query)
    month = visit.month()
    slot = month.slot_at(query.start) if query.start and not is_gone else None
    page = MovePage(
        form,
        moving.booking.ics_sequence,
        move_in_words(moving.booking, moving.party),
        visit.duration_minutes,
        chosen_time(slot, visit.query, visit.reader) if slot else None,
        None if slot else other_times(month, visit.query, visit.reader, now),
        is_changed,
    )
    return visit.answer("bookings/reschedule_to.html", {"page": page}, status)


def _read_again(booking: Booking) -> Booking:
    related = ["host", "event_type__host", "event_type__schedule"]
    return Booking.objects.select_related(*related).get(pk=booking.pk)
