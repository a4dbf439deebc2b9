"""What guests are told of a meeting and of whatever becomes of it, which is no secret; and that both sides see them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMessage as SentMail
from django.test import Client
from django.utils.formats import date_format
from icalendar import Event
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.asking import Details
from bookings.calendar_files import Method, booking_calendar, booking_ics, to_ics
from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, BookingStatus, Party
from bookings.services.booking import Invitee
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from bookings.tasks import send_guest_mail
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START
from tests.bookings.bringing_guests import WITH_GUESTS, open_type
from tests.bookings.calendars import read_calendar, read_mailed_calendar
from tests.bookings.iris_books import book_openly
from tests.bookings.queued_mails import empty_queue, queued_guest_mails
from tests.factories import BookingFactory
from tests.mailing_site import _site

__all__ = ["_site", "open_type"]

# Those that a guest gets of any booking; the one about a request follows a move.
KINDS = [MailKind.CONFIRMED, MailKind.RESCHEDULED, MailKind.CANCELLED]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def booking(link: PrivateLink) -> Booking:
    """A booking with two guests, and much that is not for them."""
    booking = BookingFactory(
        event_type=link.event_type,
        private_link=link,
        private_link_name="For Grace",
        starts_at=START,
        location="Room 1",
        notes="Confidential notes.",
        answers=[{"question": "Salary?", "kind": "number", "answer": "12345"}],
        guests=["bo@example.com", "cy@example.com"],
        invitee_time_zone="America/New_York",
    )
    return Booking.objects.select_related("host").get(pk=booking.pk)


def sent(booking: Booking, kind: MailKind, guest: str = "bo@example.com", ics_sequence: int = 0) -> EmailMessage:
    mail = guest_mail(booking, kind, guest, ics_sequence)
    assert mail is not None
    message = mail.message()
    assert isinstance(message, EmailMessage)
    return message


def event_of(message: EmailMessage) -> Event:
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return read_mailed_calendar(part).events[0]


# --- Who gets a mail ------------------------------------------------------------------------------------------------


def test_guests_get_the_invitation_and_the_cancellation(open_type: EventType) -> None:
    empty_queue()
    booking = book_openly(open_type, details=Details(WITH_GUESTS, guests=("bo@example.com", "cy@example.com")))

    assert queued_guest_mails(booking) == [("confirmed", 0), ("confirmed", 1)]
    empty_queue()
    cancel_by_invitee(booking=booking)
    assert queued_guest_mails(booking) == [("cancelled", 0), ("cancelled", 1)]


def test_nobody_else_gets_a_guests_mail(open_type: EventType) -> None:
    empty_queue()

    assert queued_guest_mails(book_openly(open_type, details=Details(WITH_GUESTS))) == []


def test_job_sends_to_its_guest_alone(booking: Booking, mailoutbox: list[SentMail]) -> None:
    send_guest_mail(booking_id=booking.pk, kind="confirmed", place=1, ics_sequence=0)

    assert [(mail.to, mail.cc, mail.bcc) for mail in mailoutbox] == [(["cy@example.com"], [], [])]


def test_job_for_a_guest_who_was_erased_sends_nothing(booking: Booking, mailoutbox: list[SentMail]) -> None:
    Booking.objects.update(guests=[])

    send_guest_mail(booking_id=booking.pk, kind="confirmed", place=1, ics_sequence=0)

    assert mailoutbox == []


# --- The mail -------------------------------------------------------------------------------------------------------


def test_guest_reads_what_when_where_and_by_whom(booking: Booking) -> None:
    message = sent(booking, MailKind.CONFIRMED)
    text = message.get_body(["plain"])
    assert text is not None

    what = "Invitation: Discovery call with Ada Host and Iris Invitee"
    assert message["Subject"] == f"{what}, 3 Dec 2026, 04:00 (America/New York)"
    assert text.get_content() == (
        "Iris Invitee has added you as a guest to a meeting with Ada Host.\n\n"
        "What: Discovery call\n"
        "When: Thursday 3 December 2026, 04:00 – 04:30 (America/New York)\n"
        "Where: Room 1\n"
        "Host: Ada Host\n"
        "Invited by: Iris Invitee <iris@example.com>\n\n"
    )
    assert (message["To"], message["Reply-To"]) == ("bo@example.com", "iris@example.com, ada@example.com")


def test_guest_reads_that_the_meeting_is_cancelled(booking: Booking) -> None:
    booking.status, booking.cancelled_at = BookingStatus.CANCELLED, datetime(2026, 12, 2, tzinfo=UTC)
    message = sent(booking, MailKind.CANCELLED)
    text = message.get_body(["plain"])
    assert text is not None

    what = "Cancelled: Discovery call with Ada Host and Iris Invitee"
    assert message["Subject"] == f"{what}, 3 Dec 2026, 04:00 (America/New York)"
    assert text.get_content().startswith("The meeting of Iris Invitee with Ada Host does not take place.\n")
    assert event_of(message)["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("kind", KINDS)
def test_guest_learns_no_secret(booking: Booking, link: PrivateLink, kind: MailKind) -> None:
    """Not the invitee's page, not what is for the host, and not the other guests but in the calendar, as attendees."""
    message = sent(booking, kind)
    bodies = [part.get_content() for part in message.walk() if part.get_content_type().startswith("text/")]
    everything = "\n".join([*bodies, *(f"{name}: {value}" for name, value in message.items())])

    secrets = [str(booking.uid), booking.uid.hex, link.hash, "For Grace", "Confidential", "Salary", "12345", "/booking"]
    assert [secret for secret in secrets if secret in everything] == []
    assert [body for body in bodies if "cy@example.com" in body and "BEGIN:VCALENDAR" not in body] == []


@pytest.mark.parametrize("kind", KINDS)
def test_mail_to_a_guest_that_is_made_again_is_the_same(booking: Booking, kind: MailKind) -> None:
    assert sent(booking, kind)["Message-ID"] == sent(booking, kind)["Message-ID"]


def test_every_mail_about_a_booking_has_a_message_id_of_its_own(booking: Booking) -> None:
    mails = [sent(booking, kind, guest, at) for kind in KINDS for guest in booking.guests for at in (0, 1)]
    mails += [booking_mail(booking, kind, party, at).message() for kind in MailKind for party in Party for at in (0, 1)]

    ids = [mail["Message-ID"] for mail in mails]

    assert len(set(ids)) == len(ids) == 36


def test_guest_of_a_host_without_an_address_answers_the_invitee(booking: Booking) -> None:
    booking.host.email = ""

    assert sent(booking, MailKind.CONFIRMED)["Reply-To"] == "iris@example.com"


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\u2028"])
def test_no_text_becomes_a_header_of_a_guests_mail(booking: Booking, breaker: str) -> None:
    booking.title = booking.invitee_name = booking.location = f"x{breaker}Bcc: evil@example.com"

    message = sent(booking, MailKind.CONFIRMED)

    assert "Bcc" not in message
    assert "evil@example.com" not in str(message["To"])


# --- The life of a booking ------------------------------------------------------------------------------------------


DAY = timedelta(days=1)
FIRST, SECOND, THIRD = "3 Dec 2026, 10:00", "4 Dec 2026, 10:00", "7 Dec 2026, 10:00"


def with_guests(event_type: EventType) -> Booking:
    empty_queue()
    guests = ("bo@example.com", "cy@example.com")
    invitee = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Europe/Berlin"))
    return book_openly(event_type, invitee=invitee, details=Details(WITH_GUESTS, guests=guests))


def told(booking: Booking, mailoutbox: list[SentMail]) -> list[tuple[str, str, str, int]]:
    """Send what is queued for the second guest; return what the subjects say first and last, and what calendars do."""
    mailoutbox.clear()
    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_guest_mail", args__place=1).order_by("pk")
    for job in jobs:
        send_guest_mail(**job.args)
    empty_queue()
    assert [mail.to for mail in mailoutbox] == [["cy@example.com"]] * len(mailoutbox)
    return [_said(mail) for mail in mailoutbox]


def _said(mail: SentMail) -> tuple[str, str, str, int]:
    message = mail.message()
    assert isinstance(message, EmailMessage)
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    first, when = mail.subject.partition(":")[0], mail.subject.partition("Iris Invitee, ")[2]
    when = when.removesuffix(" (Europe/Berlin)")
    event, start = event_of(message), event_of(message).start
    assert isinstance(start, datetime)
    assert date_format(start.astimezone(ZoneInfo("Europe/Berlin")), "j M Y, H:i") == when
    return first, when, str(part.get_param("method")), int(str(event["SEQUENCE"]))


def test_guests_are_told_what_becomes_of_a_meeting(open_type: EventType, mailoutbox: list[SentMail]) -> None:
    booking = with_guests(open_type)
    assert told(booking, mailoutbox) == [("Invitation", FIRST, "REQUEST", 0)]

    booking = reschedule_by_invitee(booking=booking, starts_at=START + DAY)
    assert told(booking, mailoutbox) == [("New time", SECOND, "REQUEST", 1)]
    assert "Former time: Thursday 3 December 2026, 10:00 – 10:30" in mailoutbox[0].body

    booking = cancel_by_invitee(booking=booking)
    assert told(booking, mailoutbox) == [("Cancelled", SECOND, "CANCEL", 2)]


def test_guests_are_invited_when_the_host_has_confirmed(open_type: EventType, mailoutbox: list[SentMail]) -> None:
    EventType.objects.update(requires_confirmation=True)
    booking = with_guests(open_type)
    assert told(booking, mailoutbox) == []

    booking = confirm_booking(booking=booking)
    assert told(booking, mailoutbox) == [("Invitation", FIRST, "REQUEST", 1)]

    booking = reschedule_by_invitee(booking=booking, starts_at=START + DAY)
    assert told(booking, mailoutbox) == [("Not at this time", FIRST, "CANCEL", 2)]

    booking = reschedule_by_host(booking=booking, starts_at=START + 4 * DAY)
    assert told(booking, mailoutbox) == [("Invitation", THIRD, "REQUEST", 3)]
    assert "Former time" not in mailoutbox[0].body


@pytest.mark.parametrize("end", [decline_booking, cancel_by_invitee])
def test_guests_who_were_never_invited_are_told_of_no_end(
    open_type: EventType, mailoutbox: list[SentMail], end: Callable[..., Booking]
) -> None:
    EventType.objects.update(requires_confirmation=True)
    booking = with_guests(open_type)

    end(booking=booking)

    assert told(booking, mailoutbox) == []


def test_invitation_that_is_sent_late_says_what_was_true_then(open_type: EventType, mailoutbox: list[SentMail]) -> None:
    booking = with_guests(open_type)
    reschedule_by_host(booking=booking, starts_at=START + DAY)

    assert told(booking, mailoutbox) == [("Invitation", FIRST, "REQUEST", 0), ("New time", SECOND, "REQUEST", 1)]


# --- Calendars and pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [*Party, None], ids=["host", "invitee", "guest"])
@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_guests_are_attendees_who_have_not_answered(booking: Booking, method: Method, reader: Party | None) -> None:
    event = read_calendar(to_ics(booking_calendar(booking, method, reader, 0))).events[0]

    assert [(str(each), each.params["ROLE"], each.params["PARTSTAT"]) for each in event.attendees] == [
        ("mailto:ada@example.com", "CHAIR", "ACCEPTED"),
        ("mailto:iris@example.com", "REQ-PARTICIPANT", "ACCEPTED"),
        ("mailto:bo@example.com", "OPT-PARTICIPANT", "NEEDS-ACTION"),
        ("mailto:cy@example.com", "OPT-PARTICIPANT", "NEEDS-ACTION"),
    ]


def test_host_who_books_with_the_own_address_is_one_attendee(booking: Booking) -> None:
    booking.invitee_email = "ADA@example.com"

    event = read_calendar(to_ics(booking_calendar(booking, Method.REQUEST, Party.INVITEE, 0))).events[0]

    assert [str(each) for each in event.attendees] == [
        "mailto:ada@example.com",
        "mailto:bo@example.com",
        "mailto:cy@example.com",
    ]


def test_calendar_of_a_guest_is_the_same_meeting_without_description(booking: Booking) -> None:
    of_guest, of_host = event_of(sent(booking, MailKind.CONFIRMED)), host_event(booking)

    assert [of_guest[name] for name in ("UID", "SUMMARY", "LOCATION")] == [
        of_host[name] for name in ("UID", "SUMMARY", "LOCATION")
    ]
    assert {"DESCRIPTION", "URL"}.isdisjoint(of_guest)


def test_downloaded_file_invites_nobody(booking: Booking) -> None:
    assert b"ATTENDEE" not in booking_ics(booking)


def host_event(booking: Booking) -> Event:
    return read_calendar(to_ics(booking_calendar(booking, Method.REQUEST, Party.HOST, 0))).events[0]


def test_both_sides_see_the_guests(client: Client, host: Host, booking: Booking) -> None:
    client.force_login(host)
    pages = [f"/booking/{booking.uid}/", f"/booking/{booking.uid}/cancel/", f"/bookings/{booking.uid}/"]
    mails = [booking_mail(booking, MailKind.CONFIRMED, party, 0).body for party in Party]

    for page in pages:
        assert "bo@example.com<br>cy@example.com" in client.get(page).text
    for mail in mails:
        assert "Guests: bo@example.com, cy@example.com" in mail
