"""Calendar files, read back: what each property says, to whom, and that no text breaks out of its line."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Event, vCalAddress
from pytest_django import Settings

from bookings.calendar_files import Method, booking_calendar, booking_ics, calendar_uid, to_ics
from bookings.models import Booking, BookingStatus, Party
from privatelinks.models import PrivateLink
from tests.bookings.calendars import read_calendar
from tests.factories import BookingFactory

BOOKED_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
CANCELLED_AT = datetime(2026, 12, 2, 8, tzinfo=UTC)
START = datetime(2026, 12, 3, 9, tzinfo=UTC)
UID = UUID("3f0e2b58-7a52-4c7e-9a59-0d6a3a2f7c11")
PAGE = f"https://book.example.com/booking/{UID}/"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "https://book.example.com"


@pytest.fixture
def booking(link: PrivateLink) -> Booking:
    booking: Booking = BookingFactory(
        uid=UID,
        event_type=link.event_type,
        private_link=link,
        private_link_name="For Grace",
        created_at=BOOKED_AT,
        starts_at=START,
        location="Room 1",
        notes="About the garden.\nAnd the house.",
    )
    return booking


def event_of(ics: bytes, method: str) -> Event:
    """Return the only event of a file with the method."""
    calendar = read_calendar(ics)
    assert (calendar["METHOD"], calendar["VERSION"], len(calendar.subcomponents)) == (method, "2.0", 1)
    return calendar.events[0]


def invitation(booking: Booking, party: Party) -> Event:
    return event_of(to_ics(booking_calendar(booking, Method.REQUEST, party, 0)), "REQUEST")


def test_invitation_says_what_when_where_and_who(booking: Booking) -> None:
    event = invitation(booking, Party.INVITEE)

    assert set(event) == {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "STATUS",
        "SUMMARY",
        "LOCATION",
        "DESCRIPTION",
        "URL",
        "ORGANIZER",
        "ATTENDEE",
    }
    assert (event.start, event.end) == (START, START + timedelta(minutes=30))
    assert event["DTSTART"].to_ical() == b"20261203T090000Z"
    assert event.stamp == BOOKED_AT
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Discovery call: Ada Host and Iris Invitee"
    assert event["LOCATION"] == "Room 1"


def test_invitation_names_both_sides_as_having_agreed(booking: Booking) -> None:
    event = invitation(booking, Party.INVITEE)

    organizer = event.organizer
    host, invitee = event.attendees
    agreed = {"CUTYPE": "INDIVIDUAL", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    assert isinstance(organizer, vCalAddress)
    assert (organizer, organizer.params) == ("mailto:ada@example.com", {"CN": "Ada Host"})
    assert (host, host.params) == ("mailto:ada@example.com", agreed | {"CN": "Ada Host", "ROLE": "CHAIR"})
    assert (invitee, invitee.params) == (
        "mailto:iris@example.com",
        agreed | {"CN": "Iris Invitee", "ROLE": "REQ-PARTICIPANT"},
    )


def test_invitee_finds_the_page_of_the_booking_in_the_calendar(booking: Booking) -> None:
    event = invitation(booking, Party.INVITEE)

    assert event["URL"] == PAGE
    assert event["DESCRIPTION"] == f"About the garden.\nAnd the house.\n\nSee or change your booking: {PAGE}"


def test_host_finds_the_invitee_in_the_calendar_but_no_secret(booking: Booking, link: PrivateLink) -> None:
    ics = to_ics(booking_calendar(booking, Method.REQUEST, Party.HOST, 0))

    assert event_of(ics, "REQUEST")["DESCRIPTION"] == (
        "Iris Invitee <iris@example.com>\n\nAbout the garden.\nAnd the house."
    )
    unfolded = ics.replace(b"\r\n ", b"").decode()
    assert [secret for secret in (str(UID), UID.hex, link.hash, "URL") if secret in unfolded] == []


def test_hash_of_the_link_is_in_no_file(booking: Booking, link: PrivateLink) -> None:
    files = [to_ics(booking_calendar(booking, method, party, 0)) for method in Method for party in Party]

    assert [ics for ics in files if link.hash in ics.replace(b"\r\n ", b"").decode()] == []


def test_uid_in_calendars_stays_the_same_and_is_not_the_secret_one(booking: Booking, settings: Settings) -> None:
    before = calendar_uid(booking)
    settings.SECRET_KEY, settings.SITE_URL = "another", "https://other.example.com"

    assert calendar_uid(booking) == before
    assert before != str(UID)


def test_cancellation_takes_the_invitation_back(booking: Booking) -> None:
    booking.status, booking.cancelled_at, booking.cancelled_by = BookingStatus.CANCELLED, CANCELLED_AT, Party.HOST

    event = event_of(to_ics(booking_calendar(booking, Method.CANCEL, Party.INVITEE, 1)), "CANCEL")

    assert event["UID"] == invitation(booking, Party.INVITEE)["UID"]
    assert (event["SEQUENCE"], event["STATUS"], event.stamp) == (1, "CANCELLED", CANCELLED_AT)
    assert [str(attendee) for attendee in event.attendees] == ["mailto:ada@example.com", "mailto:iris@example.com"]


def test_cancellation_does_not_offer_to_cancel_again(booking: Booking) -> None:
    event = event_of(to_ics(booking_calendar(booking, Method.CANCEL, Party.INVITEE, 1)), "CANCEL")

    assert event["DESCRIPTION"] == f"About the garden.\nAnd the house.\n\nSee your booking: {PAGE}"


def test_invitation_that_is_made_late_still_says_what_was_decided_then(booking: Booking) -> None:
    before = to_ics(booking_calendar(booking, Method.REQUEST, Party.INVITEE, 0))
    booking.status, booking.cancelled_at, booking.ics_sequence = BookingStatus.CANCELLED, CANCELLED_AT, 1

    assert to_ics(booking_calendar(booking, Method.REQUEST, Party.INVITEE, 0)) == before


def test_downloaded_file_puts_the_meeting_into_a_calendar_without_asking_anybody(booking: Booking) -> None:
    event = event_of(booking_ics(booking), "PUBLISH")

    assert "ATTENDEE" not in event
    assert (event["ORGANIZER"], event["URL"]) == ("mailto:ada@example.com", PAGE)


def test_downloaded_file_of_a_cancelled_booking_takes_it_out_again(booking: Booking) -> None:
    booking.status, booking.cancelled_at, booking.ics_sequence = BookingStatus.CANCELLED, CANCELLED_AT, 1

    event = event_of(booking_ics(booking), "CANCEL")

    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_host_without_an_address_is_organized_by_the_site(booking: Booking, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Sidedoor <sidedoor@example.com>"
    booking.organizer_email = ""

    assert invitation(booking, Party.INVITEE)["ORGANIZER"] == "mailto:sidedoor@example.com"


def test_organizer_stays_when_the_host_takes_another_address(booking: Booking) -> None:
    booking.host.email = "ada@elsewhere.example"

    cancelled = event_of(to_ics(booking_calendar(booking, Method.CANCEL, Party.INVITEE, 1)), "CANCEL")

    assert [str(event["ORGANIZER"]) for event in (invitation(booking, Party.INVITEE), cancelled)] == [
        "mailto:ada@example.com",
        "mailto:ada@example.com",
    ]


@pytest.mark.parametrize(
    "breaker", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\x07"]
)
def test_no_text_breaks_out_of_its_line(booking: Booking, breaker: str) -> None:
    attack = f'x{breaker}END:VEVENT{breaker}ATTENDEE;CN="y":mailto:eve@example.com'
    booking.title = booking.location = booking.notes = booking.invitee_name = booking.host.name = attack

    for party in Party:
        ics = to_ics(booking_calendar(booking, Method.REQUEST, party, 0))

        event = event_of(ics, "REQUEST")
        assert [str(attendee) for attendee in event.attendees] == [
            "mailto:ada@example.com",
            "mailto:iris@example.com",
        ]
        assert event["LOCATION"] == 'x END:VEVENT ATTENDEE;CN="y":mailto:eve@example.com'
        assert [line for line in ics.decode().split("\r\n") if not line.isprintable()] == []


@pytest.mark.parametrize(
    ("email", "uri"),
    [
        ("iris+sidedoor@example.com", "mailto:iris+sidedoor@example.com"),
        ('"a b;c:d"@example.com', "mailto:%22a%20b%3Bc%3Ad%22@example.com"),
        ("iris?cc=eve@example.com", "mailto:iris%3Fcc%3Deve@example.com"),
        ("iris@münchen.de", "mailto:iris@m%C3%BCnchen.de"),
    ],
)
def test_address_is_a_uri(booking: Booking, email: str, uri: str) -> None:
    booking.invitee_email = email

    assert str(invitation(booking, Party.HOST).attendees[1]) == uri


def test_lines_are_folded_at_75_octets_and_end_with_crlf(booking: Booking) -> None:
    booking.title = "Gespräch über Bäume 🌳 " * 4

    lines = to_ics(booking_calendar(booking, Method.REQUEST, Party.INVITEE, 0)).split(b"\r\n")

    assert [line for line in lines if len(line) > 75 or b"\n" in line] == []
    assert lines[-1] == b""
