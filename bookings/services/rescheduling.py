"""Rescheduling: the same booking gets another time, which is judged like that of a new one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bookings.actions import Action, find_obstacle
from bookings.emails import MailKind
from bookings.models import Booking, BookingEventKind, BookingStatus, Move, Party
from bookings.services.booking import SlotUnavailableError, find_slot, is_host_booked_twice
from bookings.services.confirming import confirm_booking
from bookings.services.history import remember
from bookings.services.locking import lock_booking
from bookings.services.refusals import NotReschedulableError, check_seen
from bookings.slots import Offer
from bookings.tasks import queue_mails
from eventtypes.slot_rules import Slot


@dataclass(frozen=True, slots=True)
class Wish:
    """The time that is asked for; without a duration, it is the first of those that `Offer.for_moving` has."""

    starts_at: datetime
    duration_minutes: int | None
    # The booking's when the time was chosen; None if that does not matter.
    seen_sequence: int | None


def reschedule_by_invitee(
    *, booking: Booking, starts_at: datetime, duration_minutes: int | None = None, seen_sequence: int | None = None
) -> Booking:
    """Move the booking to another time for its invitee; if its event type asks for confirmation, the host is asked.

    It is in place: the uid stays, and no private link is needed or spent. The meeting is as long as before, or if the
    event type offers that no more, as long as is asked for. A booking that has the time already stays as it is, and no
    mail is sent again.

    Raises:
        NotReschedulableError: It does not stand, has begun, or the event type forbids it to invitees, or is deleted.
        BookingMovedError: It has been moved since `seen_sequence`.
        SlotUnavailableError: The slot is not on offer, or no longer.
    """
    return _reschedule(booking, Party.INVITEE, Wish(starts_at, duration_minutes, seen_sequence))


def reschedule_by_host(
    *, booking: Booking, starts_at: datetime, duration_minutes: int | None = None, seen_sequence: int | None = None
) -> Booking:
    """Move the booking to another time for its host, who confirms it with that, as `reschedule_by_invitee` does.

    Whoever chooses the very time that a pending booking asks for confirms it, and moves nothing.

    Raises:
        NotReschedulableError: It does not stand, has begun, or its event type is deleted.
        BookingMovedError: It has been moved since `seen_sequence`.
        SlotUnavailableError: The slot is not on offer, or no longer.
    """
    return _reschedule(booking, Party.HOST, Wish(starts_at, duration_minutes, seen_sequence))


def _reschedule(booking: Booking, by: Party, wish: Wish) -> Booking:
    try:
        with transaction.atomic():
            return _decide(*lock_booking(booking), by, wish)
    except IntegrityError as error:
        # The locks leave one way to get here: a meeting stored by something that takes none.
        if is_host_booked_twice(error):
            raise SlotUnavailableError from error
        raise


def _decide(booking: Booking, now: datetime, by: Party, wish: Wish) -> Booking:
    """Judge the wish with all locks held, and move the booking."""
    has_time = _is_fulfilled(booking, wish)
    is_answer = has_time and by == Party.HOST and booking.is_pending
    if has_time and not is_answer:
        return booking
    obstacle = find_obstacle(Action.RESCHEDULE, booking, by, now)
    if obstacle is not None:
        raise NotReschedulableError(obstacle)
    check_seen(booking, wish.seen_sequence)
    if is_answer:
        return confirm_booking(booking=booking)
    slot = find_slot(Offer.for_moving(booking, by, now, wish.duration_minutes), wish.starts_at)
    _move(booking, slot, by, now)
    queue_mails(booking, MailKind.REQUESTED if booking.is_pending else MailKind.RESCHEDULED)
    return booking


def _is_fulfilled(booking: Booking, wish: Wish) -> bool:
    """Whether the booking has the time already: what has been asked for twice is done once."""
    has_duration = wish.duration_minutes in (None, booking.duration_minutes)
    return booking.holds_time and booking.starts_at == wish.starts_at and has_duration


def _move(booking: Booking, slot: Slot, by: Party, now: datetime) -> None:
    booking.ics_sequence += 1
    Move.objects.create(
        booking=booking,
        ics_sequence=booking.ics_sequence,
        at=now,
        by=by,
        was_confirmed=booking.is_confirmed,
        former_starts_at=booking.starts_at,
        former_ends_at=booking.ends_at,
    )
    former = {"former_starts_at": booking.starts_at, "former_ends_at": booking.ends_at}
    remember(booking, BookingEventKind.RESCHEDULED, now, by=by, **former)
    booking.starts_at, booking.ends_at = slot.starts_at, slot.ends_at
    _take_over_buffers(booking)
    _settle(booking, by, now)
    booking.save(
        update_fields=[
            "ics_sequence",
            "starts_at",
            "ends_at",
            "buffer_before_minutes",
            "buffer_after_minutes",
            "status",
            "confirmed_at",
        ]
    )


def _take_over_buffers(booking: Booking) -> None:
    """Keep the buffers that the slot was judged with."""
    if booking.event_type is not None:
        booking.buffer_before_minutes = booking.event_type.buffer_before_minutes
        booking.buffer_after_minutes = booking.event_type.buffer_after_minutes


def _settle(booking: Booking, by: Party, now: datetime) -> None:
    """Let a booking that its host has moved be confirmed, and one that its invitee has moved wait if hosts decide."""
    if by == Party.INVITEE and booking.needs_confirmation:
        booking.status, booking.confirmed_at = BookingStatus.PENDING, None
    elif booking.is_pending:
        booking.status, booking.confirmed_at = BookingStatus.CONFIRMED, now
        remember(booking, BookingEventKind.CONFIRMED, now, by=by)
