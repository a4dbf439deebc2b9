"""The history of a booking in words, for its host."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.agenda import reader_for
from bookings.models import Booking, BookingEvent, BookingEventKind, Party
from bookings.reading_time import Reader, full_date
from bookings.undelivered import mail_in_words
from eventtypes.durations import duration_in_words


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that has happened to a booking."""

    what: str
    # The day, the time and by whom: "Tuesday 1 December 2026, 09:00, by you".
    when: str
    details: str = ""
    # As typed.
    reason: str = ""


def history(booking: Booking) -> list[HistoryEntry]:
    """Return what has happened to the booking, the first thing first, on the host's clocks (one query)."""
    reader = reader_for(booking.host)
    return [_entry(booking, event, reader) for event in booking.events.order_by("happened_at", "pk")]


def _entry(booking: Booking, event: BookingEvent, reader: Reader) -> HistoryEntry:
    day, time = full_date(reader.date(event.happened_at)), reader.time(event.happened_at)
    when = (day, time, _by(booking, event), _last_use(booking, event))
    return HistoryEntry(
        what=str(event),
        when=", ".join(part for part in when if part),
        details=_details(booking, event, reader),
        reason=event.details.get("reason", ""),
    )


def _by(booking: Booking, event: BookingEvent) -> str:
    if not event.by:
        return ""
    return _("by you") if event.by == Party.HOST else _("by %(name)s") % {"name": booking.invitee_label}


def _last_use(booking: Booking, event: BookingEvent) -> str:
    is_the_booking = event.kind in (BookingEventKind.BOOKED, BookingEventKind.REQUESTED)
    return _("with the last use of the private link") if is_the_booking and booking.spent_last_use else ""


def _details(booking: Booking, event: BookingEvent, reader: Reader) -> str:
    """Say more about what can be said more about."""
    match event.kind:
        case BookingEventKind.RESCHEDULED:
            return _former_time(event, reader)
        case BookingEventKind.DECLINED if not event.by:
            return _("because it was not answered in time")
        case BookingEventKind.REMINDED:
            return _("%(duration)s before") % {"duration": duration_in_words(event.details["minutes_before"])}
        case BookingEventKind.MAIL_FAILED | BookingEventKind.MAIL_SENT_AGAIN | BookingEventKind.MAIL_DISMISSED:
            return mail_in_words(booking, event.details)
        case _:
            return ""


def _former_time(event: BookingEvent, reader: Reader) -> str:
    """Return the time that a meeting had before it was rescheduled."""
    former = (event.details["former_starts_at"], event.details["former_ends_at"])
    starts_at, ends_at = (datetime.fromisoformat(instant) for instant in former)
    return _("before: %(when)s") % {"when": reader.span(starts_at, ends_at)}
