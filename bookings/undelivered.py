"""The mails about a booking that could not be delivered, in words, for its host."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.agenda import reader_for
from bookings.emails import MailKind
from bookings.models import Booking, MailFailure, Recipient
from bookings.reading_time import Reader, full_date
from eventtypes.durations import duration_in_words

WHICH_MAIL: dict[str, str | Promise] = {
    MailKind.REQUESTED: gettext_lazy("Request"),
    MailKind.CONFIRMED: gettext_lazy("Confirmation"),
    MailKind.DECLINED: gettext_lazy("Refusal"),
    MailKind.RESCHEDULED: gettext_lazy("New time"),
    MailKind.CANCELLED: gettext_lazy("Cancellation"),
    MailKind.REMINDER: gettext_lazy("Reminder"),
}


@dataclass(frozen=True, slots=True)
class UndeliveredMail:
    """One mail that could not be delivered."""

    id: int
    # "Confirmation", "Reminder, 1 hour before".
    what: str
    # A name and an address, as far as they are known.
    to: str
    # "Tuesday 1 December 2026, 09:00".
    when: str
    reason: str
    # Since when it is on its way again; blank if it is not.
    sent_again: str
    can_be_sent: bool


def undelivered_mails(booking: Booking, now: datetime) -> list[UndeliveredMail]:
    """Return the mails about the booking that could not be delivered, the first to fail first (one query)."""
    reader = reader_for(booking.host)
    return [_in_words(booking, each, reader, now) for each in booking.mail_failures.order_by("failed_at", "pk")]


def mail_in_words(booking: Booking, details: Mapping[str, Any]) -> str:
    """Return which mail to whom an event of the booking's history is about: "Confirmation, to Iris (iris@…)"."""
    what = _what(details.get("mail_kind", ""), details.get("minutes_before"))
    to = _to(booking, details.get("recipient", ""), details.get("guest_place"))
    return _("%(what)s, to %(recipient)s") % {"what": what, "recipient": to}


def _in_words(booking: Booking, failure: MailFailure, reader: Reader, now: datetime) -> UndeliveredMail:
    return UndeliveredMail(
        id=failure.pk,
        what=_what(failure.kind, failure.minutes_before),
        to=_to(booking, failure.recipient, failure.guest_place),
        when=_instant(failure.failed_at, reader),
        reason=failure.reason,
        sent_again=_instant(failure.sent_again_at, reader) if failure.sent_again_at else "",
        can_be_sent=failure.is_worth_sending(booking, now),
    )


def _what(kind: str, minutes_before: int | None) -> str:
    what = str(WHICH_MAIL.get(kind, _("Mail")))
    if minutes_before is None:
        return what
    duration = duration_in_words(minutes_before)
    return _("%(what)s, %(duration)s before") % {"what": what, "duration": duration}


def _to(booking: Booking, recipient: str, guest_place: int | None) -> str:
    match recipient:
        case Recipient.HOST:
            return _("you (%(email)s)") % {"email": booking.host.email}
        case Recipient.INVITEE:
            return booking.invitee_label if booking.is_erased else f"{booking.invitee_name} ({booking.invitee_email})"
        case _:
            place = guest_place or 0
            return ", ".join(booking.guests[place : place + 1]) or _("a guest")


def _instant(instant: datetime, reader: Reader) -> str:
    return f"{full_date(reader.date(instant))}, {reader.time(instant)}"
