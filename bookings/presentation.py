"""Bookings in words: why something cannot be done with one, and what has happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.actions import Action, Obstacle
from bookings.agenda import reader_for
from bookings.models import Booking, Party
from bookings.reading_time import full_date

OBSTACLES = {
    Obstacle.CANCELLED: gettext_lazy("The booking is cancelled."),
    Obstacle.DECLINED: gettext_lazy("The booking is declined."),
    Obstacle.CONFIRMED: gettext_lazy("The booking is confirmed already. Cancel it if it cannot take place."),
    Obstacle.NOT_OFFERED: gettext_lazy("There are no other times to choose from any more."),
}
TOO_LATE_BY_NOW = {
    Action.CONFIRM: gettext_lazy("The time of the meeting has come, so it cannot be accepted any more."),
    Action.CANCEL: gettext_lazy("The meeting has begun, so it cannot be cancelled any more."),
    Action.RESCHEDULE: gettext_lazy("The meeting has begun, so it cannot be rescheduled any more."),
}
FORBIDDEN = {
    Action.CONFIRM: gettext_lazy("Only %(host)s can accept the booking."),
    Action.DECLINE: gettext_lazy("Only %(host)s can decline the booking."),
    Action.CANCEL: gettext_lazy("It cannot be cancelled here. Please ask %(host)s."),
    Action.RESCHEDULE: gettext_lazy("It cannot be rescheduled here. Please ask %(host)s."),
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that has happened to a booking, in the words of its host."""

    what: str
    when: str
    details: str = ""
    # As typed.
    reason: str = ""


def obstacle_in_words(action: Action, obstacle: Obstacle, booking: Booking) -> str:
    """Say why it cannot be done."""
    match obstacle:
        case Obstacle.BEGUN:
            return str(TOO_LATE_BY_NOW[action])
        case Obstacle.FORBIDDEN:
            return FORBIDDEN[action] % {"host": booking.host.display_name}
        case Obstacle.TOO_LATE:
            return _too_late(action, booking)
        case _:
            return str(OBSTACLES[obstacle])


def _too_late(action: Action, booking: Booking) -> str:
    hours = 0 if booking.event_type is None else booking.event_type.change_notice_hours
    values = {"hours": hours, "host": booking.host.display_name}
    if action == Action.CANCEL:
        words = ngettext(
            "It could be cancelled here until %(hours)d hour before. Please ask %(host)s.",
            "It could be cancelled here until %(hours)d hours before. Please ask %(host)s.",
            hours,
        )
    else:
        words = ngettext(
            "It could be rescheduled here until %(hours)d hour before. Please ask %(host)s.",
            "It could be rescheduled here until %(hours)d hours before. Please ask %(host)s.",
            hours,
        )
    return words % values


def move_in_words(booking: Booking, party: Party) -> str:
    """Say what becomes of the booking when the side gives it another time.

    See also: bookings.services.rescheduling._settle
    """
    if party == Party.HOST:
        words = _("%(invitee)s gets a mail, and need not agree.")
        also = _("With that, the booking is accepted.") if booking.is_pending else ""
    elif booking.needs_confirmation:
        words = _("%(host)s has to confirm the new time first. The former one is free again at once.")
        also = ""
    else:
        words, also = _("%(host)s gets a mail. The former time is free again."), ""
    names = {"host": booking.host.display_name, "invitee": booking.invitee_name}
    return f"{words % names} {also}".strip()


def former_time(booking: Booking) -> str:
    """Return when the meeting was before it was last rescheduled, on the host's clocks, or nothing."""
    moves = list(booking.moves.all())
    return reader_for(booking.host).span(moves[-1].former_starts_at, moves[-1].former_ends_at) if moves else ""


def history(booking: Booking) -> list[HistoryEntry]:
    """Return what has happened to the booking, in order, on the host's clocks."""
    entries = sorted(_entries(booking), key=lambda entry: entry[0])
    return [entry for _instant, entry in entries]


def _entries(booking: Booking) -> Iterator[tuple[datetime, HistoryEntry]]:
    last_use = _("with the last use of the private link") if booking.spent_last_use else ""
    yield booking.created_at, _entry(booking, _("Booked"), booking.created_at, also=last_use)
    yield from _moves(booking)
    if booking.confirmed_at is not None and booking.confirmed_at != booking.created_at:
        yield booking.confirmed_at, _entry(booking, _("Confirmed"), booking.confirmed_at, Party.HOST)
    if booking.declined_at is not None:
        yield booking.declined_at, _declined(booking, booking.declined_at)
    if booking.cancelled_at is not None:
        cancelled = _entry(booking, _("Cancelled"), booking.cancelled_at, booking.cancelled_by, reason=booking.reason)
        yield booking.cancelled_at, cancelled


def _moves(booking: Booking) -> Iterator[tuple[datetime, HistoryEntry]]:
    reader = reader_for(booking.host)
    for move in booking.moves.all():
        former = _("before: %(when)s") % {"when": reader.span(move.former_starts_at, move.former_ends_at)}
        yield move.at, _entry(booking, _("Rescheduled"), move.at, move.by, details=former)


def _declined(booking: Booking, at: datetime) -> HistoryEntry:
    details = "" if booking.declined_by else _("because it was not answered in time")
    return _entry(booking, _("Declined"), at, booking.declined_by, details=details, reason=booking.reason)


def _entry(
    booking: Booking, what: str, at: datetime, by: str = "", *, also: str = "", details: str = "", reason: str = ""
) -> HistoryEntry:
    reader = reader_for(booking.host)
    parts = [f"{full_date(reader.date(at))}, {reader.time(at)}", _by(booking, by), also]
    return HistoryEntry(what, ", ".join(part for part in parts if part), details, reason)


def _by(booking: Booking, party: str) -> str:
    if not party:
        return ""
    return _("by you") if party == Party.HOST else _("by %(name)s") % {"name": booking.invitee_name}
