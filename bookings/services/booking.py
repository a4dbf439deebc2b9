"""Booking a slot: one transaction that decides, stores, counts the use and queues the mails, or does nothing at all."""

import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from bookings.asking import NO_DETAILS, Asked, Details, what_is_asked
from bookings.emails import MailKind
from bookings.models import Booking, BookingEventKind, BookingStatus, Party
from bookings.services.history import remember
from bookings.slots import Offer
from bookings.tasks import queue_mails
from bookings.versions import find_made_with
from eventtypes.clock import database_now
from eventtypes.models import EventType, Host
from eventtypes.narrowing import Narrowing
from eventtypes.services.locking import lock_host
from eventtypes.slot_rules import Slot
from privatelinks.models import PrivateLink
from privatelinks.only_for import unique
from privatelinks.services.locking import lock_links
from privatelinks.services.uses import spend_use


class LinkUnavailableError(Exception):
    """The private link has ended, or never was."""


class EventTypeUnavailableError(Exception):
    """The event type cannot be booked through its public URL, or no longer."""


class InviteeNotAllowedError(Exception):
    """The private link is for others than the invitee."""


class SlotUnavailableError(Exception):
    """The slot is not on offer, or no longer."""


class AskedOtherwiseError(Exception):
    """The invitee has been asked something else than is asked now, which is `asked`."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        self.asked = asked


class RequestKeyReusedError(Exception):
    """The form has been used for another booking already."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking)
        self.booking = booking


@dataclass(frozen=True, slots=True)
class Invitee:
    """The person who books, as typed."""

    name: str
    email: str
    time_zone: ZoneInfo
    notes: str = ""


def book(
    *,
    event_type: EventType,
    starts_at: datetime,
    invitee: Invitee,
    request_key: uuid.UUID,
    private_link: PrivateLink | None = None,
    duration_minutes: int | None = None,
    details: Details = NO_DETAILS,
) -> Booking:
    """Book the slot for the invitee and queue the mails to both sides.

    If the event type asks for the host's confirmation, the booking is pending: it holds its slot and its use.
    The duration is one of the event type's, by default the first, or the one that the private link leaves of them.
    The same request (request key, event type, start and e-mail) again is answered with the booking that it made.
    The decision is made with all locks held, on the database's clock; its instant is the booking's `created_at`.

    Raises:
        LinkUnavailableError: The private link has ended.
        EventTypeUnavailableError: There is no private link, and the event type is not open without one.
        InviteeNotAllowedError: The private link is for others, whatever is on offer.
        AskedOtherwiseError: The details were judged by other questions than the event type asks now.
        SlotUnavailableError: The slot is not on offer, or no longer.
        RequestKeyReusedError: The request key belongs to a booking with other contents.
    """
    try:
        with transaction.atomic():
            # Of a host who has been deleted, neither the link nor the event type is left to be found below.
            with suppress(Host.DoesNotExist):
                lock_host(event_type.host_id)
            if private_link is not None:
                lock_links([private_link.pk])
            return _decide(
                event_type=event_type,
                private_link=private_link,
                starts_at=starts_at,
                duration_minutes=duration_minutes,
                invitee=invitee,
                request_key=request_key,
                details=details,
            )
    except IntegrityError as error:
        return _answer_refusal(error, event_type, starts_at, invitee, request_key)


def _decide(
    *,
    event_type: EventType,
    private_link: PrivateLink | None,
    starts_at: datetime,
    duration_minutes: int | None,
    invitee: Invitee,
    request_key: uuid.UUID,
    details: Details,
) -> Booking:
    """Judge the request with all locks held, and book. Whatever was read before the locks is read again."""
    now = database_now()
    earlier = find_by_request_key(request_key, event_type, starts_at, invitee.email)
    if earlier is not None:
        return earlier
    if private_link is None:
        event_type, link, narrowing = _fresh_event_type(event_type.pk), None, Narrowing()
    else:
        link = _fresh_link(private_link.pk, now)
        if not link.admits(invitee.email):
            raise InviteeNotAllowedError
        event_type, narrowing = link.event_type, link.narrowing
    _check_asked(event_type, details)
    slot = find_slot(Offer(event_type, now, duration_minutes, narrowing=narrowing), starts_at)
    booking = store_booking(
        event_type=event_type,
        link=link,
        slot=slot,
        invitee=invitee,
        decided_at=now,
        request_key=request_key,
        details=details,
    )
    queue_mails(booking, MailKind.CONFIRMED if booking.is_confirmed else MailKind.REQUESTED)
    return booking


def _fresh_event_type(event_type_id: int) -> EventType:
    event_type = EventType.objects.open_by_url().select_related("host", "schedule").filter(pk=event_type_id).first()
    if event_type is None:
        raise EventTypeUnavailableError
    return event_type


def _fresh_link(link_id: int, now: datetime) -> PrivateLink:
    link = PrivateLink.objects.with_event_type().filter(pk=link_id).first()
    if link is None or not link.is_live(now):
        raise LinkUnavailableError
    return link


def _check_asked(event_type: EventType, details: Details) -> None:
    asked = what_is_asked(event_type)
    if details.asked != asked:
        raise AskedOtherwiseError(asked)


def find_slot(offer: Offer, starts_at: datetime) -> Slot:
    """Return the slot that is on offer at that instant (one query, or none).

    Raises:
        SlotUnavailableError: There is none, or none of that duration.
    """
    slot = offer.slot_at(starts_at)
    if slot is None:
        raise SlotUnavailableError
    return slot


def store_booking(
    *,
    event_type: EventType,
    link: PrivateLink | None,
    slot: Slot,
    invitee: Invitee,
    decided_at: datetime,
    request_key: uuid.UUID | None = None,
    details: Details = NO_DETAILS,
) -> Booking:
    """Store the booking with what is true of its event type and link now, and spend the link's use.

    It judges nothing, locks nothing and sends nothing: that is for who calls it.
    """
    is_confirmed = not event_type.requires_confirmation
    booking = Booking.objects.create(
        request_key=request_key,
        created_at=decided_at,
        status=BookingStatus.CONFIRMED if is_confirmed else BookingStatus.PENDING,
        confirmed_at=decided_at if is_confirmed else None,
        host=event_type.host,
        event_type=event_type,
        private_link=link,
        private_link_name="" if link is None else str(link),
        holds_use=link is not None,
        spent_last_use=link is not None and link.uses_left == 1,
        title=event_type.title,
        organizer_email=event_type.host.email,
        location_kind=event_type.location_kind,
        location=event_type.location,
        location_is_shown_after_booking=event_type.location_is_shown_after_booking,
        buffer_before_minutes=event_type.buffer_before_minutes,
        buffer_after_minutes=event_type.buffer_after_minutes,
        invitee_name=invitee.name,
        invitee_email=invitee.email,
        invitee_time_zone=invitee.time_zone,
        invitee_phone=details.phone,
        notes=invitee.notes,
        guests=_guests(details, invitee.email, event_type.host.email),
        answers=[asdict(answer) for answer in details.answers],
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    kind = BookingEventKind.BOOKED if is_confirmed else BookingEventKind.REQUESTED
    remember(booking, kind, decided_at, by=Party.INVITEE)
    if link is not None:
        spend_use(link, decided_at)
    return booking


def _guests(details: Details, *others: str) -> list[str]:
    """Return the guests' addresses, each once, without those of both sides, who get mails of their own."""
    return unique([*others, *details.guests])[len(unique(others)) :]


def _answer_refusal(
    error: IntegrityError, event_type: EventType, starts_at: datetime, invitee: Invitee, request_key: uuid.UUID
) -> Booking:
    """Put what the database refused into the words of the service.

    The locks leave two ways to get here: the same request key at the same moment for two hosts, and a meeting stored
    by something that takes no locks.
    """
    if is_host_booked_twice(error):
        raise SlotUnavailableError from error
    earlier = find_by_request_key(request_key, event_type, starts_at, invitee.email)
    if earlier is None:
        raise error
    return earlier


def is_host_booked_twice(error: IntegrityError) -> bool:
    """Whether the database refused a booking because the host has another one at that time."""
    refused_by = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return refused_by == "booking_host_not_booked_twice"


def find_by_request_key(
    request_key: uuid.UUID, event_type: EventType, starts_at: datetime, email: str
) -> Booking | None:
    """Return the booking that the same request has made already, if it has (one query).

    Raises:
        RequestKeyReusedError: The request key belongs to a booking with other contents.
    """
    made = find_made_with(request_key)
    if made is None:
        return None
    booking = made.booking
    made_with = (booking.event_type_id, made.starts_at, booking.invitee_email.casefold())
    if made_with != (event_type.pk, starts_at, email.casefold()):
        raise RequestKeyReusedError(booking)
    return booking
