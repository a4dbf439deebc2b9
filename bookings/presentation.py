"""Bookings in words: why something cannot be done with one, and what becomes of it when it is moved."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.actions import Action, Obstacle
from bookings.agenda import reader_for
from bookings.models import Booking, Party

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
    names = {"host": booking.host.display_name, "invitee": booking.invitee_label}
    return f"{words % names} {also}".strip()


def former_time(booking: Booking) -> str:
    """Return when the meeting was before it was last rescheduled, on the host's clocks, or nothing."""
    moves = list(booking.moves.all())
    return reader_for(booking.host).span(moves[-1].former_starts_at, moves[-1].former_ends_at) if moves else ""
