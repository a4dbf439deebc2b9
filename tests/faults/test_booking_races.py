"""Many invitees at once, over real HTTP, against several processes: a link admits exactly the uses it has left."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest

from bookings.models import Booking
from eventtypes.models import BookingWindowKind
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.faults.guards import without_constraints
from tests.form_client import Answer, FormClient
from tests.live_site import running_site

INVITEES = 50
USES_LEFT = 5
ALL_DAY = [(weekday, time(0), time(0)) for weekday in range(7)]


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link with five uses left to an event type with more free slots than invitees."""
    schedule = ScheduleFactory(rules=ALL_DAY, time_zone="UTC")
    event_type = EventTypeFactory(
        host=schedule.host, schedule=schedule, duration_minutes=15, booking_window_kind=BookingWindowKind.UNLIMITED
    )
    return PrivateLinkFactory(event_type=event_type, max_uses=USES_LEFT)


def test_link_admits_exactly_its_uses(link: PrivateLink) -> None:
    with running_site() as origin:
        answers = _book_at_once(origin, link)

    link.refresh_from_db()
    assert Counter(answer.status for answer in answers) == {302: USES_LEFT, 404: INVITEES - USES_LEFT}
    assert Booking.objects.filter(private_link=link).count() == USES_LEFT
    assert link.usage_count == USES_LEFT


def test_without_its_guards_the_site_sells_a_link_too_often(link: PrivateLink) -> None:
    """The control: the same invitees, without locks and constraints."""
    with without_constraints(), running_site(entry="tests.faults.unguarded_wsgi:application") as origin:
        _book_at_once(origin, link)

        assert Booking.objects.filter(private_link=link).count() > USES_LEFT


def _book_at_once(origin: str, link: PrivateLink) -> list[Answer]:
    """Let every invitee open the form of a slot of their own, and then all send it at the same moment."""
    start_line = Barrier(INVITEES)
    first_start = datetime.combine(datetime.now(UTC).date() + timedelta(days=2), time(0), UTC)

    def book(number: int) -> Answer:
        client = FormClient(origin)
        starts_at = first_start + timedelta(minutes=15 * number)
        address = f"{link.get_absolute_url()}?start={starts_at:%Y-%m-%dT%H:%M:%SZ}"
        fields = client.form(address, having="request_key").fields
        fields |= {"name": f"Invitee {number}", "email": f"{uuid.uuid4()}@example.com"}
        start_line.wait(timeout=60)
        return client.post(address, fields)

    with ThreadPoolExecutor(INVITEES) as invitees:
        return list(invitees.map(book, range(INVITEES)))
