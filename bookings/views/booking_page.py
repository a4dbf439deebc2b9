"""The booking page: the picker, the form for the details, and what is answered to it.

The public address and the private links share it. All its state is in the query.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from bookings.asking import Asked, what_is_asked
from bookings.forms.booking import BookingForm
from bookings.models import Booking, Party
from bookings.month_offer import MonthOffer, offer_month
from bookings.page_query import PageQuery
from bookings.picker import ChosenTime, OtherTimes, build_picker, chosen_time, other_times
from bookings.reading_time import Reader, clock_of_language, zone_name
from bookings.services.booking import (
    AskedOtherwiseError,
    InviteeNotAllowedError,
    RequestKeyReusedError,
    SlotUnavailableError,
    book,
    find_by_request_key,
)
from bookings.services.repeats import find_repeated_booking
from bookings.slots import Offer
from bookings.views.limits import count_try
from bookings.views.time_zone_options import time_zone_options
from eventtypes.clock import database_now
from eventtypes.durations import duration_in_words
from eventtypes.models import EventType
from eventtypes.months import Month
from eventtypes.narrowing import Narrowing
from eventtypes.services.rate_limits import TooOftenError
from eventtypes.slot_rules import Slot
from eventtypes.views.too_often import too_often
from privatelinks.models import PrivateLink

# It does not say for whom the link is.
NOT_ALLOWED = _("This address cannot book here. Please use the one to which the link was sent, or ask who sent it.")


@dataclass(frozen=True, slots=True)
class Moving:
    """A booking that one of its sides is about to give another time."""

    booking: Booking
    party: Party
    # The side's own page of the booking.
    url: str

    @property
    def zone(self) -> ZoneInfo:
        """Where the side is."""
        is_host = self.party == Party.HOST
        zone: ZoneInfo = self.booking.host.time_zone if is_host else self.booking.invitee_time_zone
        return zone

    @property
    def other_name(self) -> str:
        """Whom the side meets."""
        return self.booking.invitee_label if self.party == Party.HOST else self.booking.host.display_name


@dataclass(frozen=True, slots=True)
class Bookable:
    """What the page is for: an event type, by itself, through a private link or for a booking, as of one instant."""

    event_type: EventType
    now: datetime
    private_link: PrivateLink | None = None
    moving: Moving | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone to begin with."""
        return self.moving.zone if self.moving else self.event_type.host.time_zone

    @property
    def durations(self) -> list[int]:
        """The durations to choose from, in minutes, the default first."""
        return self.offer().durations

    @property
    def prefilled(self) -> dict[str, str]:
        """What is known of the invitee before anything is typed."""
        link = self.private_link
        return {} if link is None else {"name": link.invitee_name, "email": link.invitee_email}

    def offer(self, duration_minutes: int | None = None) -> Offer:
        """Return the slots on offer, of the default duration unless another is asked for."""
        if self.moving is not None:
            return Offer.for_moving(self.moving.booking, self.moving.party, self.now, duration_minutes)
        narrowing = Narrowing() if self.private_link is None else self.private_link.narrowing
        return Offer(self.event_type, self.now, duration_minutes, narrowing=narrowing)


@dataclass(frozen=True, slots=True)
class EarlierBooking:
    """What the same form has booked already."""

    title: str
    when: str
    url: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form for the details, and what stands around it: the slot chosen, or others to choose from."""

    form: BookingForm
    request_key: str
    duration_minutes: int
    chosen: ChosenTime | None
    others: OtherTimes | None = None
    earlier: EarlierBooking | None = None
    # Whether other questions are asked than when the form was shown.
    is_asked_anew: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on the page: what it is for, what was asked for, and how they read times."""

    request: HttpRequest
    bookable: Bookable
    query: PageQuery
    reader: Reader

    @staticmethod
    def of(request: HttpRequest, bookable: Bookable, query: PageQuery) -> "Visit":
        """Fill in what the query leaves open: the host's time zone, and the clock of the browser's language."""
        query = query.choosing_from(bookable.durations)
        clock = query.clock or clock_of_language(request.headers.get("Accept-Language", ""))
        return Visit(request, bookable, query, Reader(query.zone or bookable.zone, clock))

    @property
    def duration_minutes(self) -> int:
        """The duration that was asked for, or else the default."""
        return self.query.duration or self.bookable.durations[0]

    @property
    def day(self) -> date | None:
        """The day that was asked for, that of a slot before any other."""
        return self.reader.date(self.query.start) if self.query.start else self.query.day

    def month(self) -> MonthOffer:
        """Return the month to show: a slot's own, or the one that was asked for, or that of the day."""
        of_day = Month.containing(self.day) if self.day else None
        asked = of_day if self.query.start else self.query.month or of_day
        return offer_month(self.bookable.offer(self.duration_minutes), asked, self.reader.zone)

    def answer(self, template: str, page: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
        """Render the template with what all of the page's states show."""
        response = render(self.request, template, self._frame() | page, status=status)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def _frame(self) -> dict[str, Any]:
        event_type, host, moving = self.bookable.event_type, self.bookable.event_type.host, self.bookable.moving
        return {
            "event_type": event_type,
            "host": host,
            # A page behind a private link, or of a booking, leads to nothing else of the host's.
            "host_url": "" if self.bookable.private_link or moving else reverse("host_page", args=[host.username]),
            "moving": moving,
            "former_time": self.reader.span(moving.booking.starts_at, moving.booking.ends_at) if moving else "",
            "duration": duration_in_words(self.duration_minutes),
            "zone": self.reader.zone,
            "zone_name": zone_name(self.reader.zone),
        }


def answer_booking_page(request: HttpRequest, bookable: Bookable) -> HttpResponse:
    """Show the page, or book.

    Raises:
        LinkUnavailableError: The private link has ended in the meantime.
        EventTypeUnavailableError: The event type has been made private in the meantime.
    """
    if request.method == "POST":
        return _book(request, bookable)
    visit = Visit.of(request, bookable, PageQuery.parse(request.GET))
    month = visit.month()
    slot = month.slot_at(visit.query.start) if visit.query.start else None
    return show_picker(visit, month) if slot is None else _show_form(visit, slot)


def find_booked_before(request: HttpRequest, slug: str) -> Booking | None:
    """Return what a form sent to an address that is over has booked already, before it was over (one query)."""
    form = BookingForm(request.POST)
    form.full_clean()
    fields = form.cleaned_data
    return find_repeated_booking(
        request_key=fields.get("request_key"),
        slug=slug,
        starts_at=fields.get("start"),
        invitee_email=fields.get("email"),
    )


def show_picker(visit: Visit, month: MonthOffer, template: str = "bookings/choose_time.html") -> HttpResponse:
    """Let a time be chosen."""
    query, today = replace(visit.query, day=visit.day), visit.reader.date(visit.bookable.now)
    page = {
        "picker": build_picker(month, query, visit.reader, today, visit.bookable.durations),
        "is_gone": visit.query.start is not None,
        "time_zone_options": time_zone_options(visit.reader.zone.key),
    }
    return visit.answer(template, page)


def _show_form(visit: Visit, slot: Slot) -> HttpResponse:
    """Ask who is coming to the slot that was chosen."""
    chosen = chosen_time(slot, visit.query, visit.reader)
    form = BookingForm(initial=visit.bookable.prefilled, asked=what_is_asked(visit.bookable.event_type))
    form_page = FormPage(form, str(uuid.uuid4()), visit.duration_minutes, chosen)
    return visit.answer("bookings/details.html", {"page": form_page})


def _book(request: HttpRequest, bookable: Bookable) -> HttpResponse:
    form = BookingForm(request.POST, asked=what_is_asked(bookable.event_type))
    try:
        count_try(request, form.mailboxes if form.is_valid() else ())
    except TooOftenError as error:
        return too_often(error.retry_after)
    if form.is_valid():
        return _store(request, bookable, form)
    earlier = _find_booked_with(form, bookable.event_type)
    return redirect(earlier) if earlier else _ask_again(request, bookable, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _store(request: HttpRequest, bookable: Bookable, form: BookingForm) -> HttpResponse:
    """Book what the form says, which is in order."""
    fields = form.cleaned_data
    try:
        booking = book(
            event_type=bookable.event_type,
            starts_at=fields["start"],
            invitee=form.invitee,
            request_key=fields["request_key"],
            private_link=bookable.private_link,
            duration_minutes=fields["duration"],
            details=form.details,
        )
    except InviteeNotAllowedError:
        form.add_error("email", NOT_ALLOWED)
        return _ask_again(request, bookable, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except AskedOtherwiseError as error:
        return _ask_anew(request, bookable, error.asked)
    except SlotUnavailableError:
        return _ask_again(request, bookable, form, HTTPStatus.CONFLICT, is_gone=True)
    except RequestKeyReusedError as error:
        return _ask_again(request, bookable, form, HTTPStatus.CONFLICT, earlier=error.booking)
    return redirect(booking)


def _find_booked_with(form: BookingForm, event_type: EventType) -> Booking | None:
    """Return what a form has booked already that only lacks answers to questions asked since (one query, or none)."""
    fields = form.cleaned_data
    if not form.is_wrong_in_answers_only:
        return None
    with suppress(RequestKeyReusedError):
        return find_by_request_key(fields["request_key"], event_type, fields["start"], fields["email"])
    return None


def _ask_anew(request: HttpRequest, bookable: Bookable, asked: Asked) -> HttpResponse:
    """Ask what is asked now, with all that was typed."""
    form = BookingForm(request.POST, asked=asked)
    status = HTTPStatus.CONFLICT if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return _ask_again(request, bookable, form, status, is_asked_anew=True)


def _ask_again(
    request: HttpRequest,
    bookable: Bookable,
    form: BookingForm,
    status: HTTPStatus,
    *,
    is_gone: bool = False,
    earlier: Booking | None = None,
    is_asked_anew: bool = False,
) -> HttpResponse:
    """Show the form as typed, with other times on offer if there is none or a wrong one in it."""
    fields, query = form.cleaned_data, PageQuery.parse(request.GET)
    query = replace(
        query, duration=fields.get("duration"), start=fields.get("start"), zone=fields.get("tz") or query.zone
    )
    visit = Visit.of(request, replace(bookable, now=database_now()), query)
    month = visit.month()
    slot = month.slot_at(query.start) if query.start and not is_gone else None
    form_page = FormPage(
        form,
        # Sent once more, the form is the same request; one whose key is used up or missing becomes a new one.
        str(uuid.uuid4() if earlier else fields.get("request_key") or uuid.uuid4()),
        visit.duration_minutes,
        chosen_time(slot, visit.query, visit.reader) if slot else None,
        None if slot else other_times(month, visit.query, visit.reader, visit.bookable.now),
        _earlier_booking(visit, earlier) if earlier else None,
        is_asked_anew,
    )
    return visit.answer("bookings/details.html", {"page": form_page}, status)


def _earlier_booking(visit: Visit, booking: Booking) -> EarlierBooking:
    when = visit.reader.span(booking.starts_at, booking.ends_at)
    return EarlierBooking(booking.title, when, booking.get_absolute_url())
