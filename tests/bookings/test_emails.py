"""The mails about a booking: what each side reads, in which zone, and what the headers say."""

import uuid
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from html.parser import HTMLParser

import pytest

from bookings.emails import MailKind, booking_mail
from bookings.models import Booking, BookingStatus, Move, Party
from privatelinks.models import PrivateLink
from tests.bookings.calendars import read_mailed_calendar
from tests.factories import BookingFactory
from tests.mailing_site import _site

__all__ = ["_site"]

BOOKED_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
CANCELLED_AT = datetime(2026, 12, 2, 8, tzinfo=UTC)
START = datetime(2026, 12, 3, 9, tzinfo=UTC)
UID = uuid.UUID("3f0e2b58-7a52-4c7e-9a59-0d6a3a2f7c11")
EVERY_MAIL = [(kind, party) for kind in MailKind for party in Party]


@pytest.fixture
def booking(link: PrivateLink) -> Booking:
    booking = BookingFactory(
        uid=UID,
        event_type=link.event_type,
        private_link=link,
        private_link_name="For Grace",
        created_at=BOOKED_AT,
        starts_at=START,
        location="Room 1",
        notes="About the garden.\nAnd the house.",
        invitee_time_zone="America/New_York",
    )
    return Booking.objects.select_related("host").get(pk=booking.pk)


@pytest.fixture
def cancelled(booking: Booking) -> Booking:
    booking.status, booking.cancelled_at, booking.cancelled_by = BookingStatus.CANCELLED, CANCELLED_AT, Party.HOST
    return booking


def sent(booking: Booking, kind: MailKind, party: Party, ics_sequence: int = 0) -> EmailMessage:
    """Return the mail as it goes over the wire."""
    message = booking_mail(booking, kind, party, ics_sequence).message()
    assert isinstance(message, EmailMessage)
    return message


def html_of(message: EmailMessage) -> str:
    body = message.get_body(["html"])
    assert body is not None
    return str(body.get_content())


def text_of(message: EmailMessage) -> str:
    body = message.get_body(["plain"])
    assert body is not None
    return str(body.get_content())


def content_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def test_name_from_right_to_left_takes_no_date_and_no_number_with_it(booking: Booking) -> None:
    booking.invitee_name, booking.invitee_phone, booking.location_kind = "عائشة", "+91 98765", "host_calls"

    mail = booking_mail(booking, MailKind.CONFIRMED, Party.HOST, 0)

    assert mail.subject == "New booking: Discovery call with \u2068عائشة\u2069, 3 Dec 2026, 10:00"
    assert "Where: Ada Host calls \u2068عائشة\u2069: +91 98765\n" in str(mail.body)


def test_invitee_reads_what_was_booked_where_the_invitee_is(booking: Booking) -> None:
    mail = booking_mail(booking, MailKind.CONFIRMED, Party.INVITEE, 0)

    assert mail.subject == "Confirmed: Discovery call with Ada Host, 3 Dec 2026, 04:00"
    assert mail.body == (
        "Your meeting with Ada Host is confirmed.\n"
        "\n"
        "What: Discovery call\n"
        "When: Thursday 3 December 2026, 04:00 – 04:30 (America/New York)\n"
        "Where: Room 1\n"
        "Host: Ada Host\n"
        "Invitee: Iris Invitee <iris@example.com>\n"
        "\n"
        "Notes:\n"
        "About the garden.\n"
        "And the house.\n"
        "\n"
        "See or change the booking:\n"
        f"https://book.example.com/booking/{UID}/\n"
    )


def test_host_reads_which_private_link_it_came_through(booking: Booking) -> None:
    mail = booking_mail(booking, MailKind.CONFIRMED, Party.HOST, 0)

    assert mail.subject == "New booking: Discovery call with Iris Invitee, 3 Dec 2026, 10:00"
    assert mail.body == (
        "Iris Invitee has booked a time with you.\n"
        "\n"
        "What: Discovery call\n"
        "When: Thursday 3 December 2026, 10:00 – 10:30 (Europe/Berlin)\n"
        "Where: Room 1\n"
        "Host: Ada Host\n"
        "Invitee: Iris Invitee <iris@example.com>\n"
        "Private link: For Grace\n"
        "\n"
        "Notes:\n"
        "About the garden.\n"
        "And the house.\n"
        "\n"
        "See or change the booking:\n"
        f"https://book.example.com/bookings/{UID}/\n"
    )


@pytest.mark.parametrize(
    ("cancelled_by", "party", "opening"),
    [
        (Party.HOST, Party.HOST, "You have cancelled your meeting with Iris Invitee."),
        (Party.HOST, Party.INVITEE, "Ada Host has cancelled your meeting."),
        (Party.INVITEE, Party.HOST, "Iris Invitee has cancelled your meeting."),
        (Party.INVITEE, Party.INVITEE, "You have cancelled your meeting with Ada Host."),
    ],
)
def test_cancellation_says_who_cancelled(cancelled: Booking, cancelled_by: Party, party: Party, opening: str) -> None:
    cancelled.cancelled_by = cancelled_by

    mail = booking_mail(cancelled, MailKind.CANCELLED, party, 1)

    assert str(mail.body).splitlines()[0] == opening
    assert "See the booking:" in str(mail.body)


def test_subject_of_a_cancellation_names_the_other_side(cancelled: Booking) -> None:
    subjects = [booking_mail(cancelled, MailKind.CANCELLED, party, 1).subject for party in Party]

    assert subjects == [
        "Cancelled: Discovery call with Iris Invitee, 3 Dec 2026, 10:00",
        "Cancelled: Discovery call with Ada Host, 3 Dec 2026, 04:00",
    ]


def test_answers_go_to_the_other_side(booking: Booking) -> None:
    to_host = sent(booking, MailKind.CONFIRMED, Party.HOST)
    to_invitee = sent(booking, MailKind.CONFIRMED, Party.INVITEE)

    assert (to_host["To"], to_host["Reply-To"]) == ("ada@example.com", "iris@example.com")
    assert (to_invitee["To"], to_invitee["Reply-To"]) == ("iris@example.com", "ada@example.com")
    assert to_invitee["From"] == "Sidedoor <sidedoor@example.com>"


def test_host_without_an_address_gets_no_mail(booking: Booking) -> None:
    booking.host.email = ""

    mail = booking_mail(booking, MailKind.CONFIRMED, Party.HOST, 0)

    assert mail.recipients() == []
    assert sent(booking, MailKind.CONFIRMED, Party.INVITEE)["Reply-To"] is None


@pytest.mark.parametrize(("kind", "party"), EVERY_MAIL)
def test_mail_that_is_sent_again_has_the_same_message_id(cancelled: Booking, kind: MailKind, party: Party) -> None:
    first = sent(cancelled, kind, party)
    again = sent(cancelled, kind, party)

    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@example.com>")


def test_different_mails_have_different_message_ids(cancelled: Booking) -> None:
    ids = {sent(cancelled, kind, party, sequence)["Message-ID"] for kind, party in EVERY_MAIL for sequence in range(2)}

    assert len(ids) == 24


def test_reminders_of_a_meeting_have_different_message_ids(booking: Booking) -> None:
    mails = [booking_mail(booking, MailKind.REMINDER, party, 0, before) for party in Party for before in (1440, 60)]

    assert len({mail.extra_headers["Message-ID"] for mail in mails}) == 4


@pytest.mark.parametrize(
    ("party", "subject"),
    [
        (Party.HOST, "Reminder: Discovery call with Iris Invitee, 3 Dec 2026, 10:00"),
        (Party.INVITEE, "Reminder: Discovery call with Ada Host, 3 Dec 2026, 04:00"),
    ],
)
def test_reminder_says_when_it_is_and_puts_nothing_into_calendars(booking: Booking, party: Party, subject: str) -> None:
    mail = booking_mail(booking, MailKind.REMINDER, party, 0, 60)

    message = mail.message()
    assert mail.subject == subject
    assert "is coming up." in str(mail.body).splitlines()[0]
    assert "See or change the booking:" in str(mail.body)
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("party", Party)
def test_reminder_of_a_moved_meeting_does_not_tell_its_former_time(booking: Booking, party: Party) -> None:
    former = {"former_starts_at": BOOKED_AT, "former_ends_at": CANCELLED_AT}
    Move.objects.create(booking=booking, ics_sequence=1, at=BOOKED_AT, by=Party.HOST, was_confirmed=True, **former)

    mails = [booking_mail(booking, kind, party, 1) for kind in (MailKind.RESCHEDULED, MailKind.REMINDER)]

    assert ["Former time" in str(mail.body) for mail in mails] == [True, False]


@pytest.mark.parametrize(("kind", "party"), EVERY_MAIL)
def test_no_header_says_the_secret_uid_and_nothing_answers_by_itself(
    cancelled: Booking, kind: MailKind, party: Party
) -> None:
    message = sent(cancelled, kind, party)

    headers = " ".join(str(value) for value in message.values())
    assert [secret for secret in (str(UID), UID.hex) if secret in headers] == []
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("kind", "party"), EVERY_MAIL)
def test_hash_of_the_private_link_is_in_no_mail(
    cancelled: Booking, link: PrivateLink, kind: MailKind, party: Party
) -> None:
    parts = [part for part in sent(cancelled, kind, party).walk() if not part.is_multipart()]

    assert [part.get_content_type() for part in parts if link.hash.encode() in content_of(part)] == []


@pytest.mark.parametrize(("kind", "method"), [(MailKind.CONFIRMED, "REQUEST"), (MailKind.CANCELLED, "CANCEL")])
@pytest.mark.parametrize("party", Party)
def test_calendar_comes_as_a_body_and_as_a_file(cancelled: Booking, kind: MailKind, party: Party, method: str) -> None:
    message = sent(cancelled, kind, party, ics_sequence=1)

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    body, file = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert (body.get_param("method"), file.get_param("method"), file.get_filename()) == (method, method, "meeting.ics")
    calendars = [read_mailed_calendar(part) for part in (body, file)]
    assert [(str(each["METHOD"]), each.events[0]["SEQUENCE"]) for each in calendars] == [(method, 1)] * 2
    assert b"\r\n" in content_of(file)


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\u2028"])
@pytest.mark.parametrize(("kind", "party"), EVERY_MAIL)
def test_no_text_becomes_a_header_or_a_line(cancelled: Booking, kind: MailKind, party: Party, breaker: str) -> None:
    attack = f"x{breaker}Bcc: eve@example.com"
    cancelled.title = cancelled.invitee_name = cancelled.host.name = cancelled.private_link_name = attack

    message = sent(cancelled, kind, party)

    assert message["Bcc"] is None
    assert "x Bcc: eve@example.com" in message["Subject"]
    assert [line for line in text_of(message).splitlines() if line.startswith("Bcc")] == []


@pytest.mark.parametrize(("kind", "party"), EVERY_MAIL)
def test_html_is_text_where_people_typed_it(cancelled: Booking, kind: MailKind, party: Party) -> None:
    attack = '<script src="https://evil.example.com"></script>'
    cancelled.title = cancelled.invitee_name = cancelled.host.name = cancelled.notes = cancelled.location = attack

    tags, addresses = _tags_and_addresses(html_of(sent(cancelled, kind, party)))

    assert "script" not in tags
    assert [url for url in addresses if not url.startswith("https://book.example.com/")] == []


@pytest.mark.parametrize(("kind", "party"), EVERY_MAIL)
def test_html_loads_nothing(cancelled: Booking, kind: MailKind, party: Party) -> None:
    html = html_of(sent(cancelled, kind, party))

    tags, addresses = _tags_and_addresses(html)

    assert tags & {"img", "link", "iframe", "object", "video", "script", "form", "table"} == set()
    assert len(addresses) == 1
    assert "url(" not in html


def test_address_with_an_umlaut_domain_can_be_written_to(booking: Booking) -> None:
    booking.invitee_email = "iris@münchen.de"

    message = sent(booking, MailKind.CONFIRMED, Party.INVITEE)

    assert message["To"] == "iris@xn--mnchen-3ya.de"


def _tags_and_addresses(html: str) -> tuple[set[str], list[str]]:
    """Return the names of the elements, and where their attributes lead."""
    reader = _Reader()
    reader.feed(html)
    return reader.tags, reader.addresses


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "srcset", "background")]
