"""The state table: what each side may do with a booking in each state, and what is said to whom may not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from bookings.actions import Action, find_obstacle
from bookings.models import Booking, BookingStatus, Party
from bookings.presentation import obstacle_in_words
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.refusals import RefusedError
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from eventtypes.models import EventType, Host
from privatelinks.services.event_types import delete_event_type
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, EventTypeFactory

AHEAD, BEGUN = START - timedelta(hours=30), START
OTHER_START = START + timedelta(days=1)

CANCELLED, DECLINED = "The booking is cancelled.", "The booking is declined."
ALREADY = "The booking is confirmed already. Cancel it if it cannot take place."
NOT_OFFERED = "There are no other times to choose from any more."

# What a service does; what has been done before is not done again, and says nothing.
DONE, UNCHANGED = "", "unchanged"

# Before the meeting begins.
AHEAD_OF_IT: dict[tuple[Action, Party], dict[BookingStatus, str]] = {
    (Action.CONFIRM, Party.HOST): {
        BookingStatus.PENDING: DONE,
        BookingStatus.CONFIRMED: UNCHANGED,
        BookingStatus.DECLINED: DECLINED,
        BookingStatus.CANCELLED: CANCELLED,
    },
    (Action.DECLINE, Party.HOST): {
        BookingStatus.PENDING: DONE,
        BookingStatus.CONFIRMED: ALREADY,
        BookingStatus.DECLINED: UNCHANGED,
        BookingStatus.CANCELLED: CANCELLED,
    },
    **{
        (Action.RESCHEDULE, party): {
            BookingStatus.PENDING: DONE,
            BookingStatus.CONFIRMED: DONE,
            BookingStatus.DECLINED: DECLINED,
            BookingStatus.CANCELLED: CANCELLED,
        }
        for party in Party
    },
    **{
        (Action.CANCEL, party): {
            BookingStatus.PENDING: DONE,
            BookingStatus.CONFIRMED: DONE,
            BookingStatus.DECLINED: DECLINED,
            BookingStatus.CANCELLED: UNCHANGED,
        }
        for party in Party
    },
}
# What is different once it has begun.
ONCE_BEGUN: dict[tuple[Action, BookingStatus], str] = {
    (Action.CONFIRM, BookingStatus.PENDING): "The time of the meeting has come, so it cannot be accepted any more.",
    **{
        (Action.RESCHEDULE, status): "The meeting has begun, so it cannot be rescheduled any more."
        for status in (BookingStatus.PENDING, BookingStatus.CONFIRMED)
    },
    **{
        (Action.CANCEL, status): "The meeting has begun, so it cannot be cancelled any more."
        for status in (BookingStatus.PENDING, BookingStatus.CONFIRMED)
    },
}
# What an event type can keep from invitees, and what they are told.
KEPT_FROM_INVITEES = [
    ({"invitees_may_cancel": False}, Action.CANCEL, "It cannot be cancelled here. Please ask Ada Host."),
    ({"invitees_may_reschedule": False}, Action.RESCHEDULE, "It cannot be rescheduled here. Please ask Ada Host."),
    (
        {"change_notice_hours": 30},
        Action.CANCEL,
        "It could be cancelled here until 30 hours before. Please ask Ada Host.",
    ),
    (
        {"change_notice_hours": 30},
        Action.RESCHEDULE,
        "It could be rescheduled here until 30 hours before. Please ask Ada Host.",
    ),
]


@dataclass(frozen=True, slots=True)
class Acting:
    """How each side does what it does."""

    host: Callable[[Booking], Booking]
    invitee: Callable[[Booking], Booking] | None = None


SERVICES = {
    Action.CONFIRM: Acting(lambda booking: confirm_booking(booking=booking)),
    Action.DECLINE: Acting(lambda booking: decline_booking(booking=booking)),
    Action.RESCHEDULE: Acting(
        lambda booking: reschedule_by_host(booking=booking, starts_at=OTHER_START),
        lambda booking: reschedule_by_invitee(booking=booking, starts_at=OTHER_START),
    ),
    Action.CANCEL: Acting(
        lambda booking: cancel_by_host(booking=booking, gives_use_back=False),
        lambda booking: cancel_by_invitee(booking=booking),
    ),
}


@pytest.fixture(autouse=True)
def _clock(clock: None) -> None:
    empty_queue()


def made(event_type: EventType, status: BookingStatus) -> Booking:
    """Return a booking for START in the state."""
    at = {BookingStatus.DECLINED: "declined_at", BookingStatus.CANCELLED: "cancelled_at"}.get(status)
    booking: Booking = BookingFactory(
        event_type=event_type, starts_at=START, status=status, **({at: NOW} if at is not None else {})
    )
    return booking


def outcome(booking: Booking, action: Action, party: Party) -> str:
    """Let the service do it, and return what is told to whom may not."""
    acting = SERVICES[action]
    act = acting.host if party == Party.HOST else acting.invitee
    assert act is not None
    before = Booking.objects.values().get(pk=booking.pk)
    try:
        act(booking)
    except RefusedError as refused:
        assert Booking.objects.values().get(pk=booking.pk) == before
        assert queued_mails() == []
        return obstacle_in_words(action, refused.obstacle, booking)
    if Booking.objects.values().get(pk=booking.pk) == before:
        assert queued_mails() == []
        return UNCHANGED
    assert len(queued_mails(booking)) == 2
    return DONE


@pytest.mark.parametrize(
    ("action", "party", "status"),
    [(action, party, status) for (action, party), status in product(AHEAD_OF_IT, BookingStatus)],
)
def test_before_the_meeting(
    event_type: EventType, database_clock: DatabaseClock, action: Action, party: Party, status: BookingStatus
) -> None:
    database_clock.set(AHEAD)

    said = outcome(made(event_type, status), action, party)

    assert said == AHEAD_OF_IT[action, party][status]


@pytest.mark.parametrize(
    ("action", "party", "status"),
    [(action, party, status) for (action, party), status in product(AHEAD_OF_IT, BookingStatus)],
)
def test_once_the_meeting_has_begun(
    event_type: EventType, database_clock: DatabaseClock, action: Action, party: Party, status: BookingStatus
) -> None:
    database_clock.set(BEGUN)

    said = outcome(made(event_type, status), action, party)

    assert said == ONCE_BEGUN.get((action, status), AHEAD_OF_IT[action, party][status])


@pytest.mark.parametrize(("settings", "action", "words"), KEPT_FROM_INVITEES)
@pytest.mark.parametrize("status", [BookingStatus.PENDING, BookingStatus.CONFIRMED])
def test_what_event_types_keep_from_invitees_is_open_to_their_host(
    database_clock: DatabaseClock, settings: dict[str, object], action: Action, words: str, status: BookingStatus
) -> None:
    database_clock.set(AHEAD)
    booking = made(EventTypeFactory(host__name="Ada Host", **settings), status)

    assert [outcome(booking, action, party) for party in (Party.INVITEE, Party.HOST)] == [words, DONE]


@pytest.mark.parametrize(("settings", "action", "words"), KEPT_FROM_INVITEES)
def test_what_is_kept_from_invitees_is_only_that(settings: dict[str, object], action: Action, words: str) -> None:
    """The other action is open; and a notice leaves everything open until just that time."""
    booking = made(EventTypeFactory(**settings), BookingStatus.CONFIRMED)
    moment = AHEAD - timedelta.resolution

    possible = [each for each in Action if find_obstacle(each, booking, Party.INVITEE, moment) is None]

    everything = [Action.RESCHEDULE, Action.CANCEL]
    assert possible == [each for each in everything if each != action or "change_notice_hours" in settings]


@pytest.mark.parametrize("party", Party)
def test_booking_of_a_deleted_event_type_can_be_cancelled_but_not_moved(event_type: EventType, party: Party) -> None:
    booking = made(event_type, BookingStatus.CONFIRMED)
    delete_event_type(event_type=event_type)

    assert [outcome(booking, action, party) for action in (Action.RESCHEDULE, Action.CANCEL)] == [NOT_OFFERED, DONE]


def test_booking_with_a_host_who_is_gone_can_be_cancelled_but_not_moved(event_type: EventType) -> None:
    booking = made(event_type, BookingStatus.CONFIRMED)
    Host.objects.update(is_active=False)

    said = [outcome(booking, action, Party.INVITEE) for action in (Action.RESCHEDULE, Action.CANCEL)]

    assert said == [NOT_OFFERED, DONE]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.CONFIRM, "Only Ada Host can accept the booking."),
        (Action.DECLINE, "Only Ada Host can decline the booking."),
    ],
)
def test_invitees_do_not_answer_their_own_requests(event_type: EventType, action: Action, words: str) -> None:
    booking = made(event_type, BookingStatus.PENDING)

    obstacle = find_obstacle(action, booking, Party.INVITEE, NOW)

    assert obstacle is not None
    assert obstacle_in_words(action, obstacle, booking) == words
