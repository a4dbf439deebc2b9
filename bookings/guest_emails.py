"""The mails to guests: the invitation, and what becomes of it.

They lead to no page, as the booking's is the invitee's. A guest learns what, when, where and with whom, but neither the
answers nor the notes, which are for the host.
"""

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from bookings.emails import Letter, MailKind, Wording, add_calendar, calendar_entry, compose, when_in_words
from bookings.models import Booking
from bookings.reading_time import zone_name
from bookings.versions import Version, before_move, version_of
from eventtypes.emails import Mail, stable_message_id
from eventtypes.plain_text import isolated, one_line

INVITED = Wording(
    subject=_("Invitation: %(title)s with %(host)s and %(invitee)s, %(when)s"),
    heading=_("You are invited"),
    opening=_("%(invitee)s has added you as a guest to a meeting with %(host)s."),
)
MOVED = Wording(
    subject=_("New time: %(title)s with %(host)s and %(invitee)s, %(when)s"),
    heading=_("New time"),
    opening=_("The meeting of %(invitee)s with %(host)s has been moved."),
)
TO_BE_MOVED = Wording(
    subject=_("Not at this time: %(title)s with %(host)s and %(invitee)s, %(when)s"),
    heading=_("Not at this time"),
    opening=_("%(invitee)s has asked %(host)s for another time. You are invited anew once it is confirmed."),
)
CANCELLED = Wording(
    subject=_("Cancelled: %(title)s with %(host)s and %(invitee)s, %(when)s"),
    heading=_("Cancelled"),
    opening=_("The meeting of %(invitee)s with %(host)s does not take place."),
)
WORDINGS = {
    MailKind.CONFIRMED: INVITED,
    MailKind.RESCHEDULED: MOVED,
    MailKind.REQUESTED: TO_BE_MOVED,
    MailKind.CANCELLED: CANCELLED,
}


def guest_mail(booking: Booking, kind: MailKind, guest: str, ics_sequence: int) -> Mail | None:
    """Return the mail of the kind to one guest, or None if it changes nothing in a guest's calendar.

    Made again, it has the same Message-ID. An answer to it reaches both sides.
    """
    version = version_of(booking, ics_sequence)
    entry = calendar_entry(version, kind)
    if entry is None:
        return None
    _method, meeting = entry
    mail = compose(
        _letter(meeting, *_news(version, kind)),
        to=[guest],
        reply_to=[booking.invitee_email, *([booking.host.email] if booking.host.email else [])],
        message_id=stable_message_id(booking.uid, f"{kind.value} guest {guest.casefold()} {ics_sequence}"),
    )
    add_calendar(mail, version, kind, None)
    return mail


def _news(version: Version, kind: MailKind) -> tuple[Wording, Booking | None]:
    """Return what to say, and of a meeting with a new time that had another one in the guest's calendar, that one."""
    move = version.move
    if kind != MailKind.RESCHEDULED or move is None:
        return WORDINGS[kind], None
    return (MOVED, before_move(version.booking, move)) if move.was_confirmed else (INVITED, None)


def _letter(meeting: Booking, wording: Wording, former: Booking | None) -> Letter:
    zone = meeting.invitee_time_zone
    start = date_format(localtime(meeting.starts_at, zone), "j M Y, H:i")
    values = {
        "title": isolated(one_line(meeting.title)),
        "host": isolated(one_line(meeting.host.display_name)),
        "invitee": isolated(one_line(meeting.invitee_label)),
        # Guests may be elsewhere than the invitee, so the zone is named in the subject, too.
        "when": f"{start} ({zone_name(zone)})",
    }
    return Letter(
        subject=str(wording.subject) % values,
        heading=str(wording.heading) % values,
        opening=str(wording.opening) % values,
        facts=_facts(meeting, former),
    )


def _facts(meeting: Booking, former: Booking | None) -> list[tuple[str | Promise, str]]:
    """Return what is to be known, in the invitee's time zone: where the guest is, nobody has said."""
    zone = meeting.invitee_time_zone
    facts = [
        (_("What"), meeting.title),
        (_("When"), when_in_words(meeting, zone)),
        (_("Former time"), when_in_words(former, zone) if former else ""),
        (_("Where"), meeting.where_for_guests),
        (_("Host"), meeting.host.display_name),
        (_("Invited by"), meeting.invitee_and_address),
    ]
    return [(label, one_line(value)) for label, value in facts if value]
