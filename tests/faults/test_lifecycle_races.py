"""The life of a booking under fire, over real HTTP, against several processes: each step is taken once, or not at all.

Each race has a control: the same people against a site without locks and constraints, where it goes wrong.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from django.test import Client

from bookings.models import Booking, BookingStatus
from bookings.services.booking import Invitee, book
from bookings.services.cancelling import cancel_by_host
from bookings.services.link_counts import find_miscounts
from eventtypes.models import BookingWindowKind, EventType
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link, delete_links, pause_link
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.faults.guards import without_constraints
from tests.form_client import Answer, FormClient
from tests.scale import scaled

# As many as the promises speak of, or a fifth of them.
AT_ONCE = max(20, scaled(100))
# Of a control, at most.
ROUNDS = 20
ALL_DAY = [(weekday, time(0), time(0)) for weekday in range(7)]
HALF_HOUR = timedelta(minutes=30)
DAYS = timedelta(days=9)

type Send = Callable[[], Answer]
type Figure = Callable[[str], None]


@pytest.fixture
def event_type(transactional_db: None) -> EventType:
    """Round the clock, and to be confirmed."""
    empty_queue()
    schedule = ScheduleFactory(rules=ALL_DAY, time_zone="UTC")
    event_type: EventType = EventTypeFactory(
        host=schedule.host,
        schedule=schedule,
        booking_window_kind=BookingWindowKind.UNLIMITED,
        requires_confirmation=True,
    )
    return event_type


@pytest.fixture
def link(event_type: EventType) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory(event_type=event_type, max_uses=AT_ONCE)
    return link


@pytest.fixture
def requested(link: PrivateLink) -> Booking:
    """A request through the link; its mails have been sent."""
    booking = book(
        event_type=link.event_type,
        starts_at=starts_at(0),
        invitee=Invitee("Iris Invitee", "iris@example.com", link.event_type.schedule.time_zone),
        request_key=uuid.uuid4(),
        private_link=link,
    )
    empty_queue()
    return booking


@pytest.fixture
def confirmed(requested: Booking) -> Booking:
    """A confirmed booking of an event type that asks for no confirmation any more."""
    EventType.objects.update(requires_confirmation=False)
    Booking.objects.update(status=BookingStatus.CONFIRMED, confirmed_at=requested.created_at)
    return requested


def starts_at(number: int) -> datetime:
    """Return one of many starts, half an hour apart."""
    return datetime.combine(datetime.now(UTC).date() + timedelta(days=2), time(0), UTC) + number * HALF_HOUR


def goes_wrong(origin: str, race: Callable[[str, int], bool]) -> bool:
    """Run the race of a control, given the site's origin and a number, until it goes wrong; return whether it did.

    On a busy machine it may happen that everybody comes one after the other.
    """
    with without_constraints():
        return any(race(origin, number) for number in range(ROUNDS))


def at_once(sends: list[Send]) -> list[Answer]:
    """Let everybody get ready, and then all send at the same moment."""
    start_line = Barrier(len(sends))

    def send(one: Send) -> Answer:
        start_line.wait(timeout=60)
        return one()

    with ThreadPoolExecutor(len(sends)) as people:
        return list(people.map(send, sends))


def host_client(origin: str, booking: Booking) -> FormClient:
    """Return a client of the host's, logged in."""
    session = Client()
    session.force_login(booking.host)
    client = FormClient(origin)
    client.take_cookie("sessionid", session.cookies["sessionid"].value)
    return client


def accepting(origin: str, booking: Booking) -> Send:
    client = host_client(origin, booking)
    fields = client.form(f"/bookings/{booking.uid}/decline/", having="reason").fields
    return _ready(client, f"/bookings/{booking.uid}/accept/", fields)


def moving(origin: str, booking: Booking, to: datetime) -> Send:
    client = FormClient(origin)
    address = f"/booking/{booking.uid}/reschedule/?start={to:%Y-%m-%dT%H:%M:%SZ}"
    fields = client.form(address, having="sequence").fields
    return _ready(client, address, fields)


def cancelling(origin: str, booking: Booking, *, at_any_time: bool = False) -> Send:
    """Cancel the meeting that is on the page, or at whatever time it is by then."""
    client = FormClient(origin)
    address = f"/booking/{booking.uid}/cancel/"
    fields = client.form(address, having="reason").fields
    if at_any_time:
        del fields["sequence"]
    return _ready(client, address, fields)


def requesting(origin: str, link: PrivateLink, to: datetime) -> Send:
    client = FormClient(origin)
    address = f"{link.get_absolute_url()}?start={to:%Y-%m-%dT%H:%M:%SZ}"
    fields = client.form(address, having="request_key").fields
    fields |= {"name": "Somebody", "email": f"{uuid.uuid4()}@example.com"}
    return _ready(client, address, fields)


def _ready(client: FormClient, address: str, fields: dict[str, str]) -> Send:
    """Return what sends the form from a tab of its own, each time that it is called."""
    return lambda: deepcopy(client).post(address, fields)


# --- Accepting ×50 -------------------------------------------------------------------------------------------------


def test_request_is_accepted_once(site: str, requested: Booking) -> None:
    answers = at_once([accepting(site, requested)] * AT_ONCE)

    booking = Booking.objects.get()
    assert Counter(answer.status for answer in answers) == {302: AT_ONCE}
    assert (booking.status, booking.ics_sequence) == (BookingStatus.CONFIRMED, 1)
    assert queued_mails() == [("confirmed", "host"), ("confirmed", "invitee")]


@pytest.mark.in_full
def test_without_its_guards_the_site_accepts_a_request_again_and_again(unguarded_site: str, requested: Booking) -> None:
    def accept_at_once(origin: str, _number: int) -> bool:
        empty_queue()
        Booking.objects.update(status=BookingStatus.PENDING, confirmed_at=None)
        at_once([accepting(origin, requested)] * AT_ONCE)
        return len(queued_mails()) > 2

    assert goes_wrong(unguarded_site, accept_at_once)


# --- Two requests for one time -------------------------------------------------------------------------------------


def test_of_requests_for_overlapping_times_one_is_taken(site: str, link: PrivateLink) -> None:
    EventType.objects.update(slot_interval_minutes=15)
    times = [starts_at(0) + (number % 2) * HALF_HOUR / 2 for number in range(AT_ONCE)]
    answers = at_once([requesting(site, link, to) for to in times])

    link.refresh_from_db()
    assert Counter(answer.status for answer in answers) == {302: 1, 409: AT_ONCE - 1}
    assert (Booking.objects.get().status, link.usage_count) == (BookingStatus.PENDING, 1)


@pytest.mark.in_full
def test_without_its_guards_the_site_takes_several_of_them(unguarded_site: str, link: PrivateLink) -> None:
    EventType.objects.update(slot_interval_minutes=15)
    PrivateLink.objects.update(max_uses=None)

    def request_at_once(origin: str, number: int) -> bool:
        first = starts_at(2 * number)
        at_once([requesting(origin, link, first + (each % 2) * HALF_HOUR / 2) for each in range(AT_ONCE // 2)])
        return Booking.objects.filter(starts_at__in=[first, first + HALF_HOUR / 2]).count() > 1

    assert goes_wrong(unguarded_site, request_at_once)


# --- Rescheduling ×100, and with many forms ------------------------------------------------------------------------


@pytest.mark.rule("R6")
def test_form_that_is_sent_a_hundred_times_moves_the_booking_once(
    site: str, confirmed: Booking, link: PrivateLink, figure: Figure
) -> None:
    send = moving(site, confirmed, starts_at(5))
    answers = at_once([send] * AT_ONCE) + at_once([send] * AT_ONCE)

    booking = Booking.objects.get()
    link.refresh_from_db()
    assert Counter(answer.status for answer in answers) == {302: 2 * AT_ONCE}
    assert (booking.status, booking.starts_at, booking.ics_sequence) == (BookingStatus.CONFIRMED, starts_at(5), 1)
    assert (booking.moves.count(), link.usage_count) == (1, 1)
    assert queued_mails() == [("rescheduled", "host"), ("rescheduled", "invitee")]
    assert find_miscounts() == []
    figure(f"{AT_ONCE} times at once and {AT_ONCE} times more: moved once, 1 booking, 1 use, 2 mails")


def _cancel(booking: Booking) -> None:
    cancel_by_host(booking=booking, gives_use_back=False)


def _let_pass(booking: Booking) -> None:
    Booking.objects.update(starts_at=booking.starts_at - DAYS, ends_at=booking.ends_at - DAYS)


@pytest.mark.rule("R6")
@pytest.mark.parametrize("become_unmovable", [_cancel, _let_pass], ids=["cancelled", "past"])
def test_form_that_comes_too_late_moves_nothing_however_often_it_is_sent(
    site: str, confirmed: Booking, link: PrivateLink, figure: Figure, become_unmovable: Callable[[Booking], None]
) -> None:
    send = moving(site, confirmed, starts_at(5))
    become_unmovable(confirmed)
    empty_queue()
    before = Booking.objects.values().get()

    answers = at_once([send] * AT_ONCE)

    link.refresh_from_db()
    assert {(answer.status, answer.location) for answer in answers} == {(302, f"/booking/{confirmed.uid}/")}
    assert Booking.objects.values().get() == before
    assert (confirmed.moves.count(), link.usage_count, queued_mails()) == (0, 1, [])
    assert find_miscounts() == []
    figure(f"{before['status']}, start {before['starts_at']:%d %b}, {AT_ONCE} times: nothing moved, uses unchanged")


def expire(link: PrivateLink) -> None:
    """Let the link have expired; whoever sets the date by hand can choose a later one only."""
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=link.created_at)


@pytest.mark.rule("R6")
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(expire, id="expired"),
        pytest.param(lambda link: pause_link(link=link), id="paused"),
        pytest.param(lambda link: change_link(link=link, changes={"max_uses": 1}), id="used up"),
        pytest.param(lambda link: delete_links(links=[link]), id="deleted"),
    ],
)
def test_form_moves_the_booking_once_after_its_link_has_ended(
    site: str, confirmed: Booking, link: PrivateLink, figure: Figure, end: Callable[[PrivateLink], object]
) -> None:
    end(link)

    answers = at_once([moving(site, confirmed, starts_at(5))] * AT_ONCE)

    booking = Booking.objects.get()
    assert Counter(answer.status for answer in answers) == {302: AT_ONCE}
    assert (booking.status, booking.starts_at, booking.moves.count()) == (BookingStatus.CONFIRMED, starts_at(5), 1)
    assert [link.usage_count for link in PrivateLink.objects.all()] in ([1], [])
    assert find_miscounts() == []
    figure(f"after the link has ended, {AT_ONCE} times: moved once, uses unchanged")


@pytest.mark.in_full
@pytest.mark.rule("R6")
def test_without_its_guards_the_site_moves_it_again_and_again(unguarded_site: str, confirmed: Booking) -> None:
    def move_at_once(origin: str, number: int) -> bool:
        empty_queue()
        at_once([moving(origin, confirmed, starts_at(5 + number))] * AT_ONCE)
        return len(queued_mails()) > 2

    assert goes_wrong(unguarded_site, move_at_once)


def test_two_bookings_that_are_moved_to_one_time_do_not_overlap(
    site: str, confirmed: Booking, link: PrivateLink
) -> None:
    other = _another(confirmed, link)
    sends = [moving(site, booking, starts_at(9)) for booking in [confirmed, other] * 10]
    answers = at_once(sends)

    there = Booking.objects.filter(starts_at=starts_at(9))
    assert there.count() == 1
    assert Counter(answer.status for answer in answers) == {302: 10, 409: 10}


@pytest.mark.in_full
def test_without_its_guards_the_site_moves_both_there(
    unguarded_site: str, confirmed: Booking, link: PrivateLink
) -> None:
    other = _another(confirmed, link)

    def move_both_at_once(origin: str, number: int) -> bool:
        to = starts_at(20 + number)
        at_once([moving(origin, booking, to) for booking in [confirmed, other] * 5])
        return Booking.objects.filter(starts_at=to).count() > 1

    assert goes_wrong(unguarded_site, move_both_at_once)


def _another(booking: Booking, link: PrivateLink) -> Booking:
    """Book another meeting through the link, three half hours later."""
    return book(
        event_type=link.event_type,
        starts_at=booking.starts_at + 3 * HALF_HOUR,
        invitee=Invitee("Jonas Invitee", "jonas@example.com", booking.invitee_time_zone),
        request_key=uuid.uuid4(),
        private_link=link,
    )


# --- Cancelling and rescheduling at once ---------------------------------------------------------------------------


def test_of_cancelling_and_rescheduling_at_once_the_counts_come_out_right(
    site: str, confirmed: Booking, link: PrivateLink
) -> None:
    PrivateLink.objects.update(returns_uses=True)
    cancelling_at_any_time = cancelling(site, confirmed, at_any_time=True)
    sends = [cancelling_at_any_time, moving(site, confirmed, starts_at(5))] * (AT_ONCE // 2)
    answers = at_once(sends)

    booking = Booking.objects.get()
    link.refresh_from_db()
    assert Counter(answer.status for answer in answers) == {302: AT_ONCE}
    assert (booking.status, booking.holds_use, link.usage_count) == (BookingStatus.CANCELLED, False, 0)
    # It was moved before it was cancelled, or not at all; and each of it once.
    moves = booking.moves.count()
    assert (booking.ics_sequence, booking.starts_at) == (1 + moves, starts_at(5 * moves))
    kinds = Counter(kind for kind, _party in queued_mails())
    assert kinds == {"cancelled": 2} | ({"rescheduled": 2} if moves else {})
    assert find_miscounts() == []


def test_of_cancelling_what_is_on_the_page_and_rescheduling_at_once_one_is_done(
    site: str, confirmed: Booking, link: PrivateLink
) -> None:
    PrivateLink.objects.update(returns_uses=True)
    sends = [cancelling(site, confirmed), moving(site, confirmed, starts_at(5))] * (AT_ONCE // 2)
    answers = Counter(answer.status for answer in at_once(sends))

    booking = Booking.objects.get()
    link.refresh_from_db()
    outcome = (booking.status, booking.starts_at, link.usage_count, booking.ics_sequence)
    kinds = Counter(kind for kind, _party in queued_mails())
    if booking.is_cancelled:
        assert answers == {302: AT_ONCE}
        assert outcome == (BookingStatus.CANCELLED, starts_at(0), 0, 1)
        assert kinds == {"cancelled": 2}
    else:
        assert answers == {302: AT_ONCE // 2, 409: AT_ONCE // 2}
        assert outcome == (BookingStatus.CONFIRMED, starts_at(5), 1, 1)
        assert kinds == {"rescheduled": 2}
    assert find_miscounts() == []


@pytest.mark.in_full
def test_without_its_guards_the_site_gives_the_use_back_more_than_once(
    unguarded_site: str, confirmed: Booking, link: PrivateLink
) -> None:
    PrivateLink.objects.update(returns_uses=True)

    def cancel_at_once(origin: str, _number: int) -> bool:
        PrivateLink.objects.update(usage_count=AT_ONCE)
        Booking.objects.update(status=BookingStatus.CONFIRMED, cancelled_at=None, cancelled_by="", holds_use=True)
        at_once([cancelling(origin, confirmed)] * AT_ONCE)
        link.refresh_from_db()
        return link.usage_count < AT_ONCE - 1

    assert goes_wrong(unguarded_site, cancel_at_once)
