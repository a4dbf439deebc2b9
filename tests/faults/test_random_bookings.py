"""Random attempts at overlapping times by many threads: no two meetings overlap, no buffer and no limit is broken."""

import random
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from bookings.models import Booking
from bookings.services import booking as booking_service
from bookings.services.booking import Invitee, LinkUnavailableError, SlotUnavailableError, book
from bookings.services.link_counts import find_miscounts
from eventtypes.models import BookingWindowKind, EventType, Host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.faults.guards import without_constraints
from tests.faults.storm import ROUND_THE_CLOCK
from tests.scale import scaled

ATTEMPTS = scaled(10_000)
THREADS = 16
FIRST = datetime(2026, 12, 3, tzinfo=UTC)
DAYS = max(1, ATTEMPTS // 1_000)
PER_DAY = 20
MEETINGS = [
    {"duration_minutes": 15, "slot_interval_minutes": 7},
    {"duration_minutes": 30, "buffer_before_minutes": 5},
    {"duration_minutes": 45, "buffer_after_minutes": 11, "slot_interval_minutes": 15},
    {"duration_minutes": 60, "buffer_before_minutes": 10, "buffer_after_minutes": 10, "max_bookings_per_day": PER_DAY},
]

type Figure = Callable[[str], None]


@pytest.fixture
def links(transactional_db: None, database_clock: DatabaseClock) -> list[PrivateLink]:
    """Links of a host, while the clock stands still."""
    database_clock.set(NOW)
    return make_links()


def make_links() -> list[PrivateLink]:
    """Make links to four event types of one host, each with other meetings."""
    schedule = ScheduleFactory(rules=ROUND_THE_CLOCK, time_zone="UTC")
    return [
        PrivateLinkFactory(
            max_uses=None,
            event_type=EventTypeFactory(
                host=schedule.host, schedule=schedule, booking_window_kind=BookingWindowKind.UNLIMITED, **settings
            ),
        )
        for settings in MEETINGS
    ]


def attempt_everything(links: list[PrivateLink]) -> Counter[str]:
    """Let the threads try, and return how often each outcome came."""

    def attempt(seed: int) -> list[str]:
        chance = random.Random(seed)
        return [_try_to_book(chance, links) for _ in range(ATTEMPTS // THREADS)]

    with ThreadPoolExecutor(THREADS) as threads:
        return Counter(outcome for outcomes in threads.map(attempt, range(THREADS)) for outcome in outcomes)


def _try_to_book(chance: random.Random, links: list[PrivateLink]) -> str:
    link = chance.choice(links)
    minutes = chance.choice([1, 5, 7, 15]) * chance.randrange(DAYS * 24 * 4)
    try:
        book(
            event_type=link.event_type,
            private_link=link,
            starts_at=FIRST + timedelta(minutes=minutes),
            invitee=Invitee("Iris", f"{uuid.uuid4()}@example.com", ZoneInfo("UTC")),
            request_key=uuid.uuid4(),
        )
    except (SlotUnavailableError, LinkUnavailableError) as error:
        return type(error).__name__
    finally:
        # As at the end of a request: there are fewer connections than threads.
        connection.close()
    return "booked"


def broken_rules() -> list[str]:
    """Return each pair of meetings of a host that are too near each other, and each day that has too many of a type."""
    return [problem for host in Host.objects.all() for problem in [*_too_near(host), *_too_many(host)]]


def _too_near(host: Host) -> list[str]:
    meetings = list(Booking.objects.owned_by(host).holding_time().order_by("starts_at", "ends_at"))
    return [
        f"{first.pk} and {second.pk}"
        for first, second in pairwise(meetings)
        if _gap(first, second) > _left(first, second)
    ]


def _gap(first: Booking, second: Booking) -> timedelta:
    return timedelta(minutes=max(first.buffer_after_minutes, second.buffer_before_minutes))


def _left(first: Booking, second: Booking) -> timedelta:
    return second.starts_at - first.ends_at


def _too_many(host: Host) -> list[str]:
    limited = EventType.objects.owned_by(host).filter(max_bookings_per_day__isnull=False)
    return [
        f"{number} on {day}"
        for event_type in limited
        for day, number in Counter(each.starts_at.date() for each in event_type.bookings.all()).items()
        if number > (event_type.max_bookings_per_day or 0)
    ]


@pytest.mark.rule("R4")
class TestRandomAttempts:
    def test_no_meetings_overlap_and_no_limit_is_broken(self, links: list[PrivateLink], figure: Figure) -> None:
        outcomes = attempt_everything(links)

        assert broken_rules() == []
        assert find_miscounts() == []
        assert Booking.objects.count() == outcomes["booked"] > 0
        assert set(outcomes) == {"booked", "SlotUnavailableError"}
        figure(f"{outcomes.total()} attempts by {THREADS} threads: {outcomes['booked']} bookings, 0 rules broken")

    @pytest.mark.in_full
    def test_without_the_guards_they_do(
        self, links: list[PrivateLink], monkeypatch: pytest.MonkeyPatch, figure: Figure
    ) -> None:
        """The control: the same attempts without locks and constraints, again and again until something goes wrong."""
        monkeypatch.setattr(booking_service, "lock_host", lambda _host_id: None)
        monkeypatch.setattr(booking_service, "lock_links", list)

        broken: list[str] = []
        with without_constraints():
            for _ in range(10):
                attempt_everything(make_links())
                broken = broken_rules()
                if broken:
                    break

        assert broken
        figure(f"control, without the guards: {len(broken)} rules broken")
