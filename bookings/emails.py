"""The mails about bookings, made ready to send: text, HTML and the calendar file, for each kind and each side."""

from dataclasses import dataclass, field
from email.message import MIMEPart
from email.policy import default as mime_policy
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from bookings.answers import answers_in_plain_text
from bookings.calendar_files import Method, booking_calendar, to_ics
from bookings.models import Booking, Party
from bookings.reading_time import Clock, Reader, zone_name
from bookings.versions import Version, before_move, version_of
from eventtypes.emails import Mail, stable_message_id
from eventtypes.plain_text import isolated, one_line, plain_lines


class MailKind(StrEnum):
    """What a mail says about a booking."""

    # It waits for the host: a new booking, or one that its invitee has moved.
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a mail says before the facts. %(title)s, %(other)s (the other side's name) and %(when)s are filled in."""

    subject: str | Promise
    heading: str | Promise
    opening: str | Promise


BOOKED_BY_YOU = Wording(
    subject=_("Confirmed: %(title)s with %(other)s, %(when)s"),
    heading=_("You are booked"),
    opening=_("Your meeting with %(other)s is confirmed."),
)
REQUESTED_BY_YOU = Wording(
    subject=_("Requested: %(title)s with %(other)s, %(when)s"),
    heading=_("Waiting for confirmation"),
    opening=_("You have asked %(other)s for this time. It is kept for you until you get the answer by mail."),
)
REQUESTED_OF_YOU = Wording(
    subject=_("Please confirm: %(title)s with %(other)s, %(when)s"),
    heading=_("Please confirm"),
    opening=_("%(other)s asks you for this time. It is kept until you answer; without an answer, it is declined."),
)
MOVE_REQUESTED_BY_YOU = Wording(
    subject=_("Requested: %(title)s with %(other)s, %(when)s"),
    heading=_("Waiting for confirmation"),
    opening=_("You have asked %(other)s for another time. It is kept for you until you get the answer by mail."),
)
MOVE_REQUESTED_OF_YOU = Wording(
    subject=_("Please confirm the new time: %(title)s with %(other)s, %(when)s"),
    heading=_("Please confirm the new time"),
    opening=_(
        "%(other)s asks you for another time, and the former one is free again. "
        "The new one is kept until you answer; without an answer, it is declined."
    ),
)
CONFIRMED_BY_YOU = Wording(
    subject=_("Confirmed: %(title)s with %(other)s, %(when)s"),
    heading=_("Confirmed"),
    opening=_("You have confirmed the meeting with %(other)s."),
)
DECLINED_BY_YOU = Wording(
    subject=_("Declined: %(title)s with %(other)s, %(when)s"),
    heading=_("Declined"),
    opening=_("You have declined the meeting with %(other)s."),
)
DECLINED_BY_OTHER = Wording(
    subject=_("Declined: %(title)s with %(other)s, %(when)s"),
    heading=_("Declined"),
    opening=_("%(other)s has declined the meeting that you asked for."),
)
NOT_ANSWERED_BY_YOU = Wording(
    subject=_("Declined: %(title)s with %(other)s, %(when)s"),
    heading=_("Not answered in time"),
    opening=_("You have not answered %(other)s, and the time has come. So the meeting is declined."),
)
NOT_ANSWERED_BY_OTHER = Wording(
    subject=_("Declined: %(title)s with %(other)s, %(when)s"),
    heading=_("Not confirmed in time"),
    opening=_("%(other)s has not confirmed the meeting in time, so it does not take place."),
)
MOVED_BY_YOU = Wording(
    subject=_("New time: %(title)s with %(other)s, %(when)s"),
    heading=_("New time"),
    opening=_("You have moved your meeting with %(other)s."),
)
MOVED_BY_OTHER = Wording(
    subject=_("New time: %(title)s with %(other)s, %(when)s"),
    heading=_("New time"),
    opening=_("%(other)s has moved your meeting."),
)
BOOKED_WITH_YOU = Wording(
    subject=_("New booking: %(title)s with %(other)s, %(when)s"),
    heading=_("New booking"),
    opening=_("%(other)s has booked a time with you."),
)
CANCELLED_BY_YOU = Wording(
    subject=_("Cancelled: %(title)s with %(other)s, %(when)s"),
    heading=_("Cancelled"),
    opening=_("You have cancelled your meeting with %(other)s."),
)
CANCELLED_BY_OTHER = Wording(
    subject=_("Cancelled: %(title)s with %(other)s, %(when)s"),
    heading=_("Cancelled"),
    opening=_("%(other)s has cancelled your meeting."),
)
REMINDER = Wording(
    subject=_("Reminder: %(title)s with %(other)s, %(when)s"),
    heading=_("Reminder"),
    opening=_("Your meeting with %(other)s is coming up."),
)


@dataclass(frozen=True, slots=True)
class LastUse:
    """That a booking has used its private link up, and where the link's page is; blank once the link is deleted."""

    text: str
    url: str
    url_label: str | Promise


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as the templates lay it out."""

    subject: str
    heading: str
    opening: str
    facts: list[tuple[str | Promise, str]]
    answers: list[tuple[str, str]] = field(default_factory=list)
    notes: str = ""
    last_use: LastUse | None = None
    # Blank for who has no page.
    url: str = ""
    url_label: str | Promise = ""


def booking_mail(
    booking: Booking, kind: MailKind, party: Party, ics_sequence: int, minutes_before: int | None = None
) -> Mail:
    """Return the mail of the kind to one side of the booking. Made again, it has the same Message-ID.

    A meeting may have several reminders: `minutes_before` says which of them it is.

    A mail to a host without an address has no recipient, and sending it does nothing.
    """
    version = version_of(booking, ics_sequence)
    letter = _letter(version, kind, party)
    to, reply_to = _addresses(booking, party)
    message_id = _message_id(booking, kind, party, ics_sequence, minutes_before)
    mail = compose(letter, to=to, reply_to=reply_to, message_id=message_id)
    add_calendar(mail, version, kind, party)
    return mail


def compose(letter: Letter, *, to: list[str], reply_to: list[str], message_id: str) -> Mail:
    """Return the letter as a mail, in text and HTML."""
    mail = Mail(
        subject=letter.subject,
        body=render_to_string("bookings/mail/booking.txt", {"letter": letter}),
        to=to,
        reply_to=reply_to,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("bookings/mail/booking.html", {"letter": letter}), "text/html")
    return mail


def _letter(version: Version, kind: MailKind, party: Party) -> Letter:
    booking = version.booking
    zone = booking.host.time_zone if party == Party.HOST else booking.invitee_time_zone
    wording = _wording(version, kind, party)
    is_the_booking = version.ics_sequence == 0 and kind != MailKind.REMINDER
    values = {
        "title": isolated(one_line(booking.title)),
        "other": isolated(one_line(booking.invitee_label if party == Party.HOST else booking.host.display_name)),
        "when": date_format(localtime(booking.starts_at, zone), "j M Y, H:i"),
    }
    return Letter(
        subject=str(wording.subject) % values,
        heading=str(wording.heading) % values,
        opening=str(wording.opening) % values,
        facts=_facts(version, kind, party, zone),
        answers=answers_in_plain_text(booking.answers_given),
        notes=plain_lines(booking.notes),
        last_use=_last_use(booking) if is_the_booking and party == Party.HOST else None,
        url=f"{settings.SITE_URL}{_page(booking, party)}",
        url_label=_url_label(kind, party),
    )


def _wording(version: Version, kind: MailKind, party: Party) -> Wording:
    """Return the words for what was done by the reader, or by the other side."""
    by_invitee, by_host = _wordings(version, kind)
    return by_host if party == Party.HOST else by_invitee


def _wordings(version: Version, kind: MailKind) -> tuple[Wording, Wording]:
    """Return the words for the invitee, and those for the host."""
    match kind:
        case MailKind.REQUESTED:
            is_move = version.move is not None
            return (MOVE_REQUESTED_BY_YOU, MOVE_REQUESTED_OF_YOU) if is_move else (REQUESTED_BY_YOU, REQUESTED_OF_YOU)
        case MailKind.CONFIRMED:
            # What comes before all changes is the booking itself.
            return BOOKED_BY_YOU, CONFIRMED_BY_YOU if version.ics_sequence else BOOKED_WITH_YOU
        case MailKind.DECLINED:
            is_answer = bool(version.booking.declined_by)
            return (DECLINED_BY_OTHER, DECLINED_BY_YOU) if is_answer else (NOT_ANSWERED_BY_OTHER, NOT_ANSWERED_BY_YOU)
        case MailKind.RESCHEDULED:
            return _by(version.move.by if version.move else "", MOVED_BY_YOU, MOVED_BY_OTHER)
        case MailKind.CANCELLED:
            return _by(version.booking.cancelled_by, CANCELLED_BY_YOU, CANCELLED_BY_OTHER)
        case MailKind.REMINDER:
            return REMINDER, REMINDER


def _by(party: str, you: Wording, other: Wording) -> tuple[Wording, Wording]:
    return (other, you) if party == Party.HOST else (you, other)


def _url_label(kind: MailKind, party: Party) -> str | Promise:
    if kind in (MailKind.CANCELLED, MailKind.DECLINED):
        return _("See the booking")
    if kind == MailKind.REQUESTED and party == Party.HOST:
        return _("Accept or decline")
    return _("See or change the booking")


def _facts(version: Version, kind: MailKind, party: Party, zone: ZoneInfo) -> list[tuple[str | Promise, str]]:
    booking = version.booking
    is_over = kind in (MailKind.CANCELLED, MailKind.DECLINED)
    # What moved the meeting has been told before.
    move = None if kind == MailKind.REMINDER else version.move
    facts = [
        (_("What"), booking.title),
        (_("When"), when_in_words(booking, zone)),
        (_("Former time"), when_in_words(before_move(booking, move), zone) if move else ""),
        (_("Reason"), booking.reason if is_over else ""),
        (_("Where"), booking.where if party == Party.HOST else booking.where_for_invitee),
        (_("Host"), booking.host.display_name),
        (_("Invitee"), booking.invitee_and_address),
        (_("Guests"), ", ".join(booking.present_guests)),
        (_("Private link"), booking.private_link_name if party == Party.HOST else ""),
    ]
    return [(label, one_line(value)) for label, value in facts if value]


def when_in_words(booking: Booking, zone: ZoneInfo) -> str:
    """Return both times in the zone, and its name."""
    when = Reader(zone, Clock.TWENTY_FOUR).span(booking.starts_at, booking.ends_at)
    return f"{when} ({zone_name(zone)})"


def _last_use(booking: Booking) -> LastUse | None:
    """Return what to say of the use that the booking has spent, as it was then: the mail may be made again later."""
    if not booking.spent_last_use:
        return None
    text = _("This was the last use of “%(name)s”: the link is used up.")
    page = reverse("private_link", args=[booking.private_link_id]) if booking.private_link_id else ""
    return LastUse(
        text=str(text) % {"name": isolated(one_line(booking.private_link_name))},
        url=f"{settings.SITE_URL}{page}" if page else "",
        url_label=_("See the private link"),
    )


def _page(booking: Booking, party: Party) -> str:
    """Return the path of the reader's own page of the booking."""
    return reverse("host_booking", args=[booking.uid]) if party == Party.HOST else booking.get_absolute_url()


def _addresses(booking: Booking, party: Party) -> tuple[list[str], list[str]]:
    """Return whom the mail goes to, and whom an answer to it reaches: the other side."""
    host = [booking.host.email] if booking.host.email else []
    invitee = [booking.invitee_email]
    return (host, invitee) if party == Party.HOST else (invitee, host)


def _message_id(booking: Booking, kind: MailKind, party: Party, ics_sequence: int, minutes_before: int | None) -> str:
    which = "" if minutes_before is None else f" {minutes_before}"
    return stable_message_id(booking.uid, f"{kind.value} {party.value} {ics_sequence}{which}")


def calendar_entry(version: Version, kind: MailKind) -> tuple[Method, Booking] | None:
    """Return what calendars are to do, and with which meeting; None if none of them has it, or is to have it.

    There is no invitation before the meeting is confirmed. When its invitee moves one that was, and has to wait for the
    host, it is taken out of the calendars for the time being.
    """
    booking, move = version.booking, version.move
    match kind:
        case MailKind.CONFIRMED | MailKind.RESCHEDULED:
            return Method.REQUEST, booking
        case MailKind.REQUESTED if move is not None and move.was_confirmed:
            return Method.CANCEL, before_move(booking, move)
        case MailKind.CANCELLED if booking.confirmed_at is not None:
            return Method.CANCEL, booking
        case _:
            return None


def add_calendar(mail: Mail, version: Version, kind: MailKind, reader: Party | None) -> None:
    """Add the calendar file twice, as invitations come: as the body that calendars read (RFC 6047), and to save."""
    entry = calendar_entry(version, kind)
    if entry is None:
        return
    method, booking = entry
    ics = to_ics(booking_calendar(booking, method, reader, version.ics_sequence))
    mail.attach_alternative(ics.decode(), f"text/calendar; method={method.value}")
    file = MIMEPart(policy=mime_policy)
    file.set_content(
        ics,
        maintype="text",
        subtype="calendar",
        params={"method": method.value, "charset": "utf-8"},
        disposition="attachment",
        filename="meeting.ics",
    )
    mail.attach(file)
