"""Reads the calendar files that we make, and refuses what a strict client would refuse."""

from collections import Counter
from email.message import Message

from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar, Event

# RFC 5545, 3.6.1: what an event must have, and what it may have once at most.
REQUIRED = ["UID", "DTSTAMP", "DTSTART"]
AT_MOST_ONCE = [
    *REQUIRED, "DTEND", "CLASS", "CREATED", "DESCRIPTION", "LAST-MODIFIED", "LOCATION", "ORGANIZER", "SEQUENCE",
    "STATUS", "SUMMARY", "TRANSP", "URL",
]  # fmt: skip
LONGEST_LINE = 75


def read_calendar(content: bytes | str) -> Calendar:
    """Return the calendar, once a reader that has nothing in common with our writer has taken it, too.

    It holds to RFC 5545: lines end with CRLF and have 75 octets at most (3.1), the calendar has a version and an
    identifier (3.6), each event what it must, nothing twice, and an end that comes after its start (3.6.1, 3.8.2.2).
    """
    text = content.decode() if isinstance(content, bytes) else content
    _check_lines(text)
    IcsCalendarStream.calendar_from_ics(text)
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    assert (str(calendar["VERSION"]), bool(calendar["PRODID"])) == ("2.0", True)
    for event in calendar.events:
        _check_event(event)
    return calendar


def _check_lines(text: str) -> None:
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert [line for line in lines if "\n" in line or "\r" in line or len(line.encode()) > LONGEST_LINE] == []


def _check_event(event: Event) -> None:
    counts = Counter(name for name, _ in event.property_items(recursive=False) if name not in ("BEGIN", "END"))
    assert [name for name in REQUIRED if not counts[name]] == []
    assert [name for name in AT_MOST_ONCE if counts[name] > 1] == []
    assert event.end > event.start


def read_mailed_calendar(part: Message) -> Calendar:
    """Return the calendar in the part of a mail, whose lines end as they will on the wire."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return read_calendar(b"\r\n".join(content.splitlines()) + b"\r\n")
