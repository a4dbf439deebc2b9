"""The history of a booking: what was done with it, when and by whom, and how its host reads it."""

import importlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction

from bookings.history import HistoryEntry, history
from bookings.models import Booking, BookingEvent, BookingEventKind, BookingStatus, Move, Party
from bookings.services.booking import Invitee, book
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking, decline_unanswered_bookings
from bookings.services.history import remember
from bookings.services.no_show import mark_no_show, undo_no_show
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType
from tests.bookings.booking_forms import NOW, START
from tests.clock import DatabaseClock
from tests.factories import BookingFactory

LATER = NOW + timedelta(hours=1)
IRIS = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Asia/Tokyo"))

type Line = tuple[str, datetime, str]


@pytest.fixture
def booked(event_type: EventType, database_clock: DatabaseClock) -> Booking:
    """A booking that was made an hour ago."""
    database_clock.set(NOW)
    booking = book(event_type=event_type, starts_at=START, invitee=IRIS, request_key=uuid.uuid4())
    database_clock.set(LATER)
    return booking


def ask(event_type: EventType, database_clock: DatabaseClock, starts_at: datetime = START) -> Booking:
    """Book, so that the host has to confirm it."""
    EventType.objects.update(requires_confirmation=True)
    database_clock.set(NOW)
    return book(event_type=event_type, starts_at=starts_at, invitee=IRIS, request_key=uuid.uuid4())


def lines_of(booking: Booking) -> list[Line]:
    return list(booking.events.order_by("pk").values_list("kind", "happened_at", "by"))


# --- What is remembered --------------------------------------------------------------------------------------------


def test_booking_is_remembered(booked: Booking) -> None:
    assert lines_of(booked) == [("booked", NOW, "invitee")]


def test_same_form_again_is_remembered_once(booked: Booking) -> None:
    assert booked.request_key is not None
    assert booked.event_type is not None

    book(event_type=booked.event_type, starts_at=START, invitee=IRIS, request_key=booked.request_key)

    assert BookingEvent.objects.count() == 1


@pytest.mark.parametrize("party", Party)
def test_cancellation_is_remembered_once(booked: Booking, party: Party) -> None:
    for _again in range(2):
        if party == Party.HOST:
            cancel_by_host(booking=booked, gives_use_back=False)
        else:
            cancel_by_invitee(booking=booked)

    assert lines_of(booked) == [("booked", NOW, "invitee"), ("cancelled", LATER, party.value)]


def test_no_show_and_its_undoing_are_remembered(booked: Booking, database_clock: DatabaseClock) -> None:
    database_clock.set(START)
    mark_no_show(booking=booked)
    database_clock.set(START + timedelta(hours=1))
    undo_no_show(booking=booked)

    assert lines_of(booked)[1:] == [
        ("no_show", START, "host"),
        ("no_show_undone", START + timedelta(hours=1), "host"),
    ]


def test_what_is_undone_is_not_remembered(booked: Booking) -> None:
    with transaction.atomic():
        cancel_by_invitee(booking=booked)
        transaction.set_rollback(True)

    assert lines_of(booked) == [("booked", NOW, "invitee")]


def test_details_are_what_json_can_hold(booked: Booking) -> None:
    remember(booked, BookingEventKind.RESCHEDULED, LATER, by=Party.HOST, former_starts_at=START, reason="")

    assert BookingEvent.objects.latest("pk").details == {"former_starts_at": "2026-12-03T09:00:00+00:00"}


def test_request_and_its_answer_are_remembered_once(event_type: EventType, database_clock: DatabaseClock) -> None:
    accepted = ask(event_type, database_clock)
    declined = ask(event_type, database_clock, starts_at=START + timedelta(hours=1))
    database_clock.set(LATER)

    for _again in range(2):
        confirm_booking(booking=accepted)
        decline_booking(booking=declined, reason="No time.")

    assert lines_of(accepted) == [("requested", NOW, "invitee"), ("confirmed", LATER, "host")]
    assert lines_of(declined) == [("requested", NOW, "invitee"), ("declined", LATER, "host")]
    assert declined.events.latest("pk").details == {"reason": "No time."}


def test_host_who_moves_a_request_is_remembered_to_have_confirmed_it(
    event_type: EventType, database_clock: DatabaseClock
) -> None:
    booking = ask(event_type, database_clock)
    database_clock.set(LATER)

    for hours in (1, 2):
        reschedule_by_host(booking=booking, starts_at=START + timedelta(hours=hours))

    assert lines_of(booking) == [
        ("requested", NOW, "invitee"),
        ("rescheduled", LATER, "host"),
        ("confirmed", LATER, "host"),
        ("rescheduled", LATER, "host"),
    ]


def test_request_that_nobody_answers_is_declined_by_nobody(
    event_type: EventType, database_clock: DatabaseClock
) -> None:
    booking = ask(event_type, database_clock)
    database_clock.set(START)

    decline_unanswered_bookings()

    assert lines_of(booking) == [("requested", NOW, "invitee"), ("declined", START, "")]


@pytest.mark.parametrize(("reschedule", "party"), [(reschedule_by_host, "host"), (reschedule_by_invitee, "invitee")])
def test_move_is_remembered_once_with_the_former_time(
    booked: Booking, reschedule: Callable[..., Booking], party: str
) -> None:
    for _again in range(2):
        reschedule(booking=booked, starts_at=START + timedelta(hours=1))

    assert lines_of(booked) == [("booked", NOW, "invitee"), ("rescheduled", LATER, party)]
    assert booked.events.latest("pk").details == {
        "former_starts_at": "2026-12-03T09:00:00+00:00",
        "former_ends_at": "2026-12-03T09:30:00+00:00",
    }


# --- How it reads --------------------------------------------------------------------------------------------------


def test_history_reads_in_order_on_the_hosts_clocks(booked: Booking) -> None:
    end = START + timedelta(minutes=30)
    remember(booked, BookingEventKind.CANCELLED, START, by=Party.INVITEE, reason="I am ill.\nSorry!")
    remember(booked, BookingEventKind.RESCHEDULED, LATER, by=Party.HOST, former_starts_at=START, former_ends_at=end)
    remember(booked, BookingEventKind.DECLINED, START)

    assert history(booked) == [
        HistoryEntry("Booked", "Tuesday 1 December 2026, 09:00, by Iris Invitee"),
        HistoryEntry(
            "Rescheduled",
            "Tuesday 1 December 2026, 10:00, by you",
            details="before: Thursday 3 December 2026, 10:00 – 10:30",
        ),
        HistoryEntry("Cancelled", "Thursday 3 December 2026, 10:00, by Iris Invitee", reason="I am ill.\nSorry!"),
        HistoryEntry("Declined", "Thursday 3 December 2026, 10:00", details="because it was not answered in time"),
    ]


@pytest.mark.parametrize("kind", BookingEventKind)
def test_everything_that_can_happen_has_words(booked: Booking, kind: BookingEventKind) -> None:
    end = START + timedelta(minutes=30)
    remember(booked, kind, LATER, by=Party.HOST, minutes_before=60, former_starts_at=START, former_ends_at=end)

    entry = history(booked)[-1]
    assert (entry.what, entry.when) == (str(kind.label), "Tuesday 1 December 2026, 10:00, by you")


def test_history_says_that_a_booking_spent_the_last_use(booked: Booking) -> None:
    booked.spent_last_use = True

    assert history(booked)[0].when.endswith(", by Iris Invitee, with the last use of the private link")


def test_history_says_how_long_before_a_reminder_went_out(booked: Booking) -> None:
    remember(booked, BookingEventKind.REMINDED, LATER, minutes_before=90)

    entry = HistoryEntry("Reminder mailed", "Tuesday 1 December 2026, 10:00", details="1 hour 30 minutes before")
    assert history(booked)[-1] == entry


# --- Bookings from before there was a history ----------------------------------------------------------------------


def test_migration_tells_the_history_of_older_bookings(event_type: EventType) -> None:
    plain: Booking = BookingFactory(event_type=event_type, created_at=NOW)
    cancelled: Booking = BookingFactory(
        event_type=event_type,
        created_at=NOW,
        confirmed_at=NOW,
        status=BookingStatus.CANCELLED,
        cancelled_at=LATER,
        cancelled_by=Party.HOST,
    )
    known: Booking = BookingFactory(event_type=event_type, created_at=NOW)
    remember(known, BookingEventKind.BOOKED, NOW, by=Party.INVITEE)
    migration = importlib.import_module("bookings.migrations.0009_remember_the_past")

    with connection.schema_editor() as schema_editor:
        migration.remember_the_past(apps, schema_editor)

    assert lines_of(plain) == [("booked", NOW, "invitee")]
    assert lines_of(cancelled) == [("booked", NOW, "invitee"), ("cancelled", LATER, "host")]
    assert lines_of(known) == [("booked", NOW, "invitee")]


def test_migration_tells_what_was_answered_and_moved(event_type: EventType) -> None:
    request = {"event_type": event_type, "created_at": NOW, "confirmed_at": None}
    declined: Booking = BookingFactory(**request, status="declined", declined_at=LATER, reason="No time.")
    accepted: Booking = BookingFactory(**request | {"confirmed_at": LATER})
    former = {"former_starts_at": START, "former_ends_at": START + timedelta(minutes=30)}
    Move.objects.create(booking=accepted, ics_sequence=2, at=START, by=Party.HOST, was_confirmed=True, **former)
    migration = importlib.import_module("bookings.migrations.0009_remember_the_past")

    with connection.schema_editor() as schema_editor:
        migration.remember_the_past(apps, schema_editor)

    assert lines_of(declined) == [("requested", NOW, "invitee"), ("declined", LATER, "")]
    assert history(declined)[-1].reason == "No time."
    assert sorted(lines_of(accepted), key=lambda line: line[1]) == [
        ("requested", NOW, "invitee"),
        ("confirmed", LATER, "host"),
        ("rescheduled", START, "host"),
    ]
    assert history(accepted)[-1].details == "before: Thursday 3 December 2026, 10:00 – 10:30"
