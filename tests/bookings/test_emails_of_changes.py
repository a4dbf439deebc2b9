"""The mails about requests, answers and moves: what each side reads, and what each one does to a calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage, Message

import pytest
from icalendar import Event
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.calendar_files import booking_ics, calendar_uid
from bookings.emails import MailKind, booking_mail
from bookings.models import Booking, Party
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking, decline_unanswered_bookings
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START
from tests.bookings.calendars import read_calendar, read_mailed_calendar
from tests.bookings.requests_to_book import booked, requested
from tests.clock import DatabaseClock
from tests.mailing_site import _site

__all__ = ["_site", "booked", "requested"]

THURSDAY, FRIDAY = "Thursday 3 December 2026, 10:00 – 10:30", "Friday 4 December 2026, 10:00 – 10:30"
OTHER_START = START + timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)

type Step = Callable[[Booking], Booking]


def confirm(booking: Booking) -> Booking:
    return confirm_booking(booking=booking)


def decline(booking: Booking) -> Booking:
    return decline_booking(booking=booking, reason="Away.\nTry next week.")


def move_by_invitee(booking: Booking) -> Booking:
    return reschedule_by_invitee(booking=booking, starts_at=OTHER_START)


def move_by_host(booking: Booking) -> Booking:
    return reschedule_by_host(booking=booking, starts_at=OTHER_START)


def cancel(booking: Booking) -> Booking:
    return cancel_by_invitee(booking=booking, reason="Flu.")


def _mail(booking: Booking, kind: MailKind, party: Party, ics_sequence: int = 0) -> EmailMessage:
    message = booking_mail(booking, kind, party, ics_sequence).message()
    assert isinstance(message, EmailMessage)
    return message


def queued(booking: Booking, party: Party = Party.INVITEE) -> list[EmailMessage]:
    """Return the mails to the side that wait to be sent, as they go over the wire if they are sent now, in order."""
    booking = Booking.objects.select_related("host", "private_link__event_type").get(pk=booking.pk)
    jobs = ProcrastinateJob.objects.filter(args__booking_id=booking.pk, args__party=party).order_by("pk")
    return [_mail(booking, MailKind(job.args["kind"]), party, job.args["ics_sequence"]) for job in jobs]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(["plain"])
    assert body is not None
    return str(body.get_content())


def content_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def number_of(event: Event) -> int:
    """Return the event's sequence."""
    return int(str(event["SEQUENCE"]))


def opening_of(mail: EmailMessage) -> str:
    """Return what the mail says first."""
    return text_of(mail).splitlines()[0]


def entry_of(mail: EmailMessage) -> tuple[str, Event] | None:
    """Return the method and the event of the calendar file, which is there twice or not at all."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    calendar, saved = [read_mailed_calendar(part) for part in parts]
    assert calendar.to_ical() == saved.to_ical()
    assert [part.get_param("method") for part in parts] == [calendar["METHOD"], calendar["METHOD"]]
    return str(calendar["METHOD"]), calendar.events[0]


def effect_of(mail: EmailMessage) -> tuple[str, int, date] | None:
    """Return what the mail does to a calendar: method, sequence and start."""
    entry = entry_of(mail)
    return None if entry is None else (entry[0], number_of(entry[1]), entry[1].start)


def calendar_after(mails: list[EmailMessage]) -> dict[str, date]:
    """Return what stands in a calendar that obeys the mails, whatever order they come in (RFC 5546)."""
    seen: dict[str, int] = {}
    events: dict[str, date] = {}
    for method, event in filter(None, map(entry_of, mails)):
        uid, sequence = str(event["UID"]), number_of(event)
        if sequence < seen.get(uid, 0):
            continue
        seen[uid] = sequence
        events.pop(uid, None)
        if method == "REQUEST":
            events[uid] = event.start
    return events


# --- What is read --------------------------------------------------------------------------------------------------


def test_request_is_read_by_both_sides(requested: Booking) -> None:
    booking = Booking.objects.select_related("host").get(pk=requested.pk)

    openings = [opening_of(_mail(booking, MailKind.REQUESTED, party)) for party in (Party.INVITEE, Party.HOST)]

    assert openings == [
        "You have asked Ada Host for this time. It is kept for you until you get the answer by mail.",
        "Iris Invitee asks you for this time. It is kept until you answer; without an answer, it is declined.",
    ]


@pytest.mark.parametrize(
    ("step", "to_invitee", "to_host"),
    [
        pytest.param(
            confirm,
            "Your meeting with Ada Host is confirmed.",
            "You have confirmed the meeting with Iris Invitee.",
            id="confirmed",
        ),
        pytest.param(
            decline,
            "Ada Host has declined the meeting that you asked for.",
            "You have declined the meeting with Iris Invitee.",
            id="declined",
        ),
        pytest.param(
            move_by_invitee,
            "You have asked Ada Host for another time. It is kept for you until you get the answer by mail.",
            "Iris Invitee asks you for another time, and the former one is free again. "
            "The new one is kept until you answer; without an answer, it is declined.",
            id="another time requested",
        ),
        pytest.param(
            move_by_host,
            "Ada Host has moved your meeting.",
            "You have moved your meeting with Iris Invitee.",
            id="moved by the host",
        ),
        pytest.param(
            cancel,
            "You have cancelled your meeting with Ada Host.",
            "Iris Invitee has cancelled your meeting.",
            id="withdrawn",
        ),
    ],
)
def test_each_side_reads_what_was_done(requested: Booking, step: Step, to_invitee: str, to_host: str) -> None:
    step(requested)

    openings = [opening_of(mail) for party in (Party.INVITEE, Party.HOST) for mail in queued(requested, party)]

    assert openings == [to_invitee, to_host]


def test_invitee_who_moves_a_meeting_that_needs_no_confirmation_is_told_so(booked: Booking) -> None:
    move_by_invitee(booked)

    openings = [opening_of(queued(booked, party)[0]) for party in (Party.INVITEE, Party.HOST)]

    assert openings == ["You have moved your meeting with Ada Host.", "Iris Invitee has moved your meeting."]


def test_request_that_was_not_answered_is_told_to_both(requested: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START)
    decline_unanswered_bookings()

    openings = [opening_of(queued(requested, party)[0]) for party in (Party.INVITEE, Party.HOST)]

    assert openings == [
        "Ada Host has not confirmed the meeting in time, so it does not take place.",
        "You have not answered Iris Invitee, and the time has come. So the meeting is declined.",
    ]


@pytest.mark.parametrize("move", [move_by_invitee, move_by_host])
def test_new_and_former_time_are_both_told(booked: Booking, move: Step) -> None:
    move(booked)

    for party in Party:
        mail = queued(booked, party)[0]
        text = text_of(mail)
        assert f"When: {FRIDAY} (Europe/Berlin)\n" in text
        assert f"Former time: {THURSDAY} (Europe/Berlin)\n" in text
        assert mail["Subject"].startswith("New time: Discovery call with ")
        assert mail["Subject"].endswith(", 4 Dec 2026, 10:00")


@pytest.mark.parametrize(("act", "reason"), [(decline, "Away. Try next week."), (cancel, "Flu.")])
def test_reason_is_told(requested: Booking, act: Step, reason: str) -> None:
    act(requested)

    assert f"Reason: {reason}\n" in text_of(queued(requested)[0])


def test_host_is_led_to_the_page_with_the_answers(requested: Booking) -> None:
    text = text_of(_mail(Booking.objects.select_related("host").get(), MailKind.REQUESTED, Party.HOST))

    assert text.endswith(f"Accept or decline:\nhttps://book.example.com/bookings/{requested.uid}/\n")
    assert "Private link: For Grace\n" in text


@pytest.mark.parametrize("steps", [[confirm], [decline], [move_by_invitee], [move_by_host], [cancel]])
def test_no_mail_holds_a_hash(requested: Booking, link: PrivateLink, steps: list[Step]) -> None:
    for step in steps:
        step(requested)

    mails = [mail.as_string() for party in Party for mail in queued(requested, party)]
    assert len(mails) == 2
    assert [mail for mail in mails if link.hash in mail] == []


# --- What was decided then -----------------------------------------------------------------------------------------


def test_mail_that_is_sent_late_tells_what_was_decided_then(booked: Booking) -> None:
    reschedule_by_invitee(booking=booked, starts_at=START + HALF_HOUR)
    reschedule_by_invitee(booking=booked, starts_at=OTHER_START)
    cancel(booked)

    first, second, third = queued(booked)

    assert [effect_of(mail) for mail in (first, second, third)] == [
        ("REQUEST", 1, START + HALF_HOUR),
        ("REQUEST", 2, OTHER_START),
        ("CANCEL", 3, OTHER_START),
    ]
    assert "When: Thursday 3 December 2026, 10:30 – 11:00 (Europe/Berlin)\n" in text_of(first)
    assert "Former time: Thursday 3 December 2026, 10:30 – 11:00 (Europe/Berlin)\n" in text_of(second)


def test_mails_about_one_booking_have_names_of_their_own(requested: Booking) -> None:
    for step in (confirm, move_by_invitee, confirm, move_by_host, cancel):
        step(requested)

    names = [mail["Message-ID"] for party in Party for mail in queued(requested, party)]

    # The second of the two moves is to the time that the booking has.
    assert len(names) == len(set(names)) == 8
    assert names == [mail["Message-ID"] for party in Party for mail in queued(requested, party)]


# --- Calendars -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "effects"),
    [
        pytest.param([confirm], [("REQUEST", 1, START)], id="confirmed"),
        pytest.param([decline], [None], id="declined"),
        pytest.param([cancel], [None], id="withdrawn"),
        pytest.param([move_by_invitee], [None], id="moved while it waits"),
        pytest.param([move_by_host], [("REQUEST", 1, OTHER_START)], id="moved by the host while it waits"),
        pytest.param(
            [confirm, move_by_invitee],
            [("REQUEST", 1, START), ("CANCEL", 2, START)],
            id="moved, to be confirmed again",
        ),
        pytest.param(
            [confirm, move_by_invitee, confirm],
            [("REQUEST", 1, START), ("CANCEL", 2, START), ("REQUEST", 3, OTHER_START)],
            id="confirmed again",
        ),
        pytest.param(
            [confirm, move_by_invitee, decline],
            [("REQUEST", 1, START), ("CANCEL", 2, START), None],
            id="declined after all",
        ),
        pytest.param(
            [confirm, move_by_host],
            [("REQUEST", 1, START), ("REQUEST", 2, OTHER_START)],
            id="moved by the host",
        ),
        pytest.param(
            [confirm, move_by_host, cancel],
            [("REQUEST", 1, START), ("REQUEST", 2, OTHER_START), ("CANCEL", 3, OTHER_START)],
            id="cancelled",
        ),
    ],
)
def test_calendar_has_the_meeting_only_while_it_is_confirmed(
    requested: Booking, steps: list[Step], effects: list[tuple[str, int, date] | None]
) -> None:
    for step in steps:
        step(requested)

    booking = Booking.objects.get(pk=requested.pk)
    expected = {calendar_uid(booking): booking.starts_at} if booking.is_confirmed else {}
    for party in Party:
        mails = queued(requested, party)
        assert [effect_of(mail) for mail in mails] == effects
        assert calendar_after(mails) == expected
        assert calendar_after(mails[::-1]) == expected


def test_request_brings_no_calendar_file(requested: Booking) -> None:
    booking = Booking.objects.select_related("host").get(pk=requested.pk)

    assert [entry_of(_mail(booking, MailKind.REQUESTED, party)) for party in Party] == [None, None]


def test_meeting_that_is_cancelled_in_the_end_is_in_no_calendar(booked: Booking) -> None:
    for step in (move_by_invitee, cancel):
        step(booked)

    assert calendar_after(queued(booked)) == {}


@pytest.mark.parametrize(
    ("steps", "method", "status"),
    [
        pytest.param([], "PUBLISH", "TENTATIVE", id="waits"),
        pytest.param([confirm], "PUBLISH", "CONFIRMED", id="confirmed"),
        pytest.param([confirm, move_by_invitee], "PUBLISH", "TENTATIVE", id="waits again"),
        pytest.param([decline], "CANCEL", "CANCELLED", id="declined"),
        pytest.param([cancel], "CANCEL", "CANCELLED", id="withdrawn"),
    ],
)
def test_file_to_download_says_how_the_booking_stands(
    requested: Booking, steps: list[Step], method: str, status: str
) -> None:
    for step in steps:
        step(requested)
    booking = Booking.objects.select_related("host").get(pk=requested.pk)

    calendar = read_calendar(booking_ics(booking))

    event = calendar.events[0]
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == (method, status, booking.ics_sequence)
    assert event.start == booking.starts_at


@pytest.mark.parametrize("step", [confirm, move_by_host, decline, cancel])
def test_file_is_stamped_with_the_instant_of_the_decision(
    requested: Booking, database_clock: DatabaseClock, step: Step
) -> None:
    database_clock.set(datetime(2026, 12, 2, 8, tzinfo=UTC))
    step(requested)
    booking = Booking.objects.select_related("host").get(pk=requested.pk)

    files = [booking_ics(booking) for _time in range(2)]

    assert files[0] == files[1]
    assert b"DTSTAMP:20261202T080000Z" in files[0]


def test_host_who_is_cancelling_a_request_tells_no_calendar(requested: Booking) -> None:
    cancel_by_host(booking=requested, gives_use_back=True)

    assert [entry_of(mail) for party in Party for mail in queued(requested, party)] == [None, None]
