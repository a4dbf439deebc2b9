"""Calendar files (iCalendar, RFC 5545): the invitations in the mails, the file for an invitee, a host's feed.

What a calendar does with a file is up to its METHOD (RFC 5546): a REQUEST is an invitation, a CANCEL takes the meeting
out of the calendar again, and a PUBLISH, which names no attendees, only puts it there.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import CUTYPE, PARTSTAT, ROLE, STATUS, Calendar, Event, vCalAddress, vDuration

from bookings.answers import answers_as_text
from bookings.models import Booking, Party
from eventtypes.models import Host
from eventtypes.plain_text import one_line, plain_lines

PRODUCT_ID = "-//Sidedoor//Sidedoor//EN"
# What may stand as it is in the address of a mailto: URI, beside letters, digits and "_.-~" (RFC 6068).
MAILTO_SAFE = "@!$'*+"
# How often a calendar is asked to fetch a feed again; each has a will of its own.
REFRESH_INTERVAL = timedelta(minutes=15)


class Method(StrEnum):
    """What a calendar is to do with the file (RFC 5546)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def calendar_uid(booking: Booking) -> str:
    """Return the booking's UID in every calendar.

    It stays the same for ever and tells nothing: the booking's own `uid` opens the invitee's page, and calendars are
    shared.
    """
    return str(uuid.uuid5(booking.uid, "calendar"))


def booking_ics(booking: Booking) -> bytes:
    """Return the file that the invitee downloads: the meeting, or what takes it out of the calendar again.

    A meeting that waits for its host is tentative.
    """
    method = Method.PUBLISH if booking.holds_time else Method.CANCEL
    return to_ics(booking_calendar(booking, method, Party.INVITEE, booking.ics_sequence))


def to_ics(calendar: Calendar) -> bytes:
    """Return the calendar as a file."""
    ics: bytes = calendar.to_ical()
    return ics


def booking_calendar(booking: Booking, method: Method, reader: Party | None, ics_sequence: int) -> Calendar:
    """Return the calendar with the booking as its one event, in UTC, as the reader is to see it (one query).

    The reader is one of the sides, or None: a guest.
    """
    calendar = Calendar.new(prodid=PRODUCT_ID, method=method.value)
    # Of the whole calendar RFC 7986 would have a UID too, but one of its own: the two must not be taken for each other.
    calendar.pop("UID", None)
    calendar.add_component(_event(booking, method, reader, ics_sequence))
    return calendar


def feed_calendar(host: Host, bookings: Iterable[Booking]) -> Calendar:
    """Return the calendar of a host's feed, with all of the bookings, as the host is to see them."""
    calendar = Calendar.new(
        prodid=PRODUCT_ID,
        method=Method.PUBLISH.value,
        name=_("Bookings of %(host)s") % {"host": one_line(host.display_name)},
        refresh_interval=REFRESH_INTERVAL,
    )
    calendar.pop("UID", None)
    # For calendars that do not know RFC 7986, as icalendar does with the name.
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH_INTERVAL))
    for booking in bookings:
        calendar.add_component(_event(booking, Method.PUBLISH, Party.HOST, booking.ics_sequence))
    return calendar


def _event(booking: Booking, method: Method, reader: Party | None, ics_sequence: int) -> Event:
    return Event.new(
        uid=calendar_uid(booking),
        sequence=ics_sequence,
        stamp=_decided_at(booking, ics_sequence),
        start=booking.starts_at,
        end=booking.ends_at,
        status=_status(booking, method),
        summary=_summary(booking),
        location=one_line(_location(booking, reader)) or None,
        description=_description(booking, method, reader) or None,
        url=_invitee_page(booking) if reader == Party.INVITEE else None,
        organizer=vCalAddress.new(_mailto(organizer_email(booking)), cn=one_line(booking.host.display_name)),
        attendees=None if method == Method.PUBLISH else _attendees(booking),
    )


def _decided_at(booking: Booking, ics_sequence: int) -> datetime:
    """Return when what the file says was decided: the same file is the same, byte for byte, each time it is made."""
    if ics_sequence == 0:
        return booking.created_at
    moves = [move.at for move in booking.moves.all() if move.ics_sequence <= ics_sequence]
    instants = (booking.confirmed_at, *moves, booking.declined_at, booking.cancelled_at)
    return max((instant for instant in instants if instant is not None), default=booking.created_at)


def _status(booking: Booking, method: Method) -> STATUS:
    if method == Method.CANCEL:
        return STATUS.CANCELLED
    # An invitation stays one, also if it is sent when the meeting has been moved and waits for the host again.
    return STATUS.TENTATIVE if booking.is_pending and method == Method.PUBLISH else STATUS.CONFIRMED


def _summary(booking: Booking) -> str:
    return _("%(title)s: %(host)s and %(invitee)s") % {
        "title": one_line(booking.title),
        "host": one_line(booking.host.display_name),
        "invitee": one_line(booking.invitee_label),
    }


def _location(booking: Booking, reader: Party | None) -> str:
    match reader:
        case Party.INVITEE:
            return booking.where_for_invitee
        case Party.HOST:
            return booking.where
        case _:
            return booking.where_for_guests


def _description(booking: Booking, method: Method, reader: Party | None) -> str:
    """Say what the reader may know; a guest is told what the event says already."""
    match reader:
        case Party.INVITEE:
            return _invitee_description(booking, method)
        case Party.HOST:
            return _host_description(booking)
        case _:
            return ""


def _invitee_description(booking: Booking, method: Method) -> str:
    is_over = method == Method.CANCEL
    where = _("See your booking: %(url)s") if is_over else _("See or change your booking: %(url)s")
    parts = (
        answers_as_text(booking.answers_given),
        plain_lines(booking.notes),
        where % {"url": _invitee_page(booking)},
    )
    return "\n\n".join(part for part in parts if part)


def _host_description(booking: Booking) -> str:
    """Say who comes, but not where the invitee's page is: a host's calendar is often read by colleagues."""
    parts = (one_line(booking.invitee_and_address), answers_as_text(booking.answers_given), plain_lines(booking.notes))
    return "\n\n".join(part for part in parts if part)


def _invitee_page(booking: Booking) -> str:
    return f"{settings.SITE_URL}{booking.get_absolute_url()}"


def organizer_email(booking: Booking) -> str:
    """Return the organizer's address, or the site's own if the host had none: a calendar file needs an organizer."""
    return booking.organizer_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _attendees(booking: Booking) -> list[vCalAddress]:
    """Both sides have agreed already, so no calendar need ask them; what guests say to it is theirs.

    A host who books with the own address, to see how it looks, is in the file once: an address is one attendee.
    """
    host = _attendee(organizer_email(booking), booking.host.display_name, ROLE.CHAIR)
    invitee = _attendee(booking.invitee_email, booking.invitee_name, ROLE.REQ_PARTICIPANT)
    guests = [_attendee(guest, guest, ROLE.OPT_PARTICIPANT, PARTSTAT.NEEDS_ACTION) for guest in booking.present_guests]
    is_one = organizer_email(booking).casefold() == booking.invitee_email.casefold()
    return [host, *([] if is_one else [invitee]), *guests]


def _attendee(email: str, name: str, role: ROLE, partstat: PARTSTAT = PARTSTAT.ACCEPTED) -> vCalAddress:
    return vCalAddress.new(
        _mailto(email),
        cn=one_line(name),
        cutype=CUTYPE.INDIVIDUAL,
        role=role,
        partstat=partstat,
        rsvp=False,
    )


def _mailto(email: str) -> str:
    return f"mailto:{quote(email, safe=MAILTO_SAFE)}"
