"""The mails about bookings, made ready to send: text, HTML and the calendar file, for each kind and each side."""

from dataclasses import dataclass
from email.message import MIMEPart
from email.policy import default as mime_policy
from email.utils import parseaddr
from enum import StrEnum
from uuid import uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from bookings.calendar_files import Method, booking_calendar, to_ics
from bookings.models import Booking, Party
from bookings.plain_text import one_line, plain_lines
from bookings.reading_time import Clock, Reader, zone_name


class MailKind(StrEnum):
    """What a mail says about a booking."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REMINDER = "reminder"


# What calendars are to do; a reminder tells them nothing new.
METHODS = {MailKind.CONFIRMED: Method.REQUEST, MailKind.CANCELLED: Method.CANCEL}


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
class Letter:
    """A mail as the templates lay it out."""

    subject: str
    heading: str
    opening: str
    facts: list[tuple[str | Promise, str]]
    notes: str
    url: str
    url_label: str | Promise


def booking_mail(
    booking: Booking, kind: MailKind, party: Party, ics_sequence: int, minutes_before: int | None = None
) -> EmailMultiAlternatives:
    """Return the mail of the kind to one side of the booking. Made again, it has the same Message-ID.

    A meeting may have several reminders: `minutes_before` says which of them it is.

    A mail to a host without an address has no recipient, and sending it does nothing.
    """
    letter = _letter(booking, kind, party)
    to, reply_to = _addresses(booking, party)
    message_id = _message_id(booking, kind, party, ics_sequence, minutes_before)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("bookings/mail/booking.txt", {"letter": letter}),
        to=to,
        reply_to=reply_to,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("bookings/mail/booking.html", {"letter": letter}), "text/html")
    if kind in METHODS:
        _add_calendar(mail, booking, METHODS[kind], party, ics_sequence)
    return mail


def _letter(booking: Booking, kind: MailKind, party: Party) -> Letter:
    zone = booking.host.time_zone if party == Party.HOST else booking.invitee_time_zone
    wording = _wording(booking, kind, party)
    values = {
        "title": one_line(booking.title),
        "other": one_line(booking.invitee_name if party == Party.HOST else booking.host.display_name),
        "when": date_format(localtime(booking.starts_at, zone), "j M Y, H:i"),
    }
    return Letter(
        subject=str(wording.subject) % values,
        heading=str(wording.heading) % values,
        opening=str(wording.opening) % values,
        facts=_facts(booking, party, zone),
        notes=plain_lines(booking.notes),
        url=f"{settings.SITE_URL}{_page(booking, party)}",
        url_label=_("See the booking") if kind == MailKind.CANCELLED else _("See or cancel the booking"),
    )


def _wording(booking: Booking, kind: MailKind, party: Party) -> Wording:
    if kind == MailKind.REMINDER:
        return REMINDER
    if kind == MailKind.CONFIRMED:
        return BOOKED_WITH_YOU if party == Party.HOST else BOOKED_BY_YOU
    return CANCELLED_BY_YOU if booking.cancelled_by == party else CANCELLED_BY_OTHER


def _facts(booking: Booking, party: Party, zone: ZoneInfo) -> list[tuple[str | Promise, str]]:
    when = Reader(zone, Clock.TWENTY_FOUR).span(booking.starts_at, booking.ends_at)
    facts = [
        (_("What"), booking.title),
        (_("When"), f"{when} ({zone_name(zone)})"),
        (_("Where"), booking.location),
        (_("Host"), booking.host.display_name),
        (_("Invitee"), f"{booking.invitee_name} <{booking.invitee_email}>"),
        (_("Private link"), booking.private_link_name if party == Party.HOST else ""),
    ]
    return [(label, one_line(value)) for label, value in facts if value]


def _page(booking: Booking, party: Party) -> str:
    """Return the path of the reader's own page of the booking."""
    return reverse("host_booking", args=[booking.uid]) if party == Party.HOST else booking.get_absolute_url()


def _addresses(booking: Booking, party: Party) -> tuple[list[str], list[str]]:
    """Return whom the mail goes to, and whom an answer to it reaches: the other side."""
    host = [booking.host.email] if booking.host.email else []
    invitee = [booking.invitee_email]
    return (host, invitee) if party == Party.HOST else (invitee, host)


def _message_id(booking: Booking, kind: MailKind, party: Party, ics_sequence: int, minutes_before: int | None) -> str:
    """Name the mail for ever, so that a mail program knows one that comes twice; the booking's uid stays secret.

    It is short: some servers stumble over a Message-ID that is folded.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    name = f"{kind.value} {party.value} {ics_sequence}"
    if minutes_before is not None:
        name += f" {minutes_before}"
    return f"<{uuid5(booking.uid, name).hex}@{domain}>"


def _add_calendar(
    mail: EmailMultiAlternatives, booking: Booking, method: Method, party: Party, ics_sequence: int
) -> None:
    """Add the calendar file twice, as invitations come: as the body that calendars read (RFC 6047), and to save."""
    ics = to_ics(booking_calendar(booking, method, party, ics_sequence))
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
