"""Many invitees at the same moment, over real HTTP: each opens a form, and then all of them send it at once."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from threading import Barrier

from eventtypes.models import BookingWindowKind, EventType
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, ScheduleFactory
from tests.form_client import Answer, FormClient
from tests.scale import scaled

# As many as the promises speak of, or an eighth of them.
CROWD = max(25, scaled(200))
ROUND_THE_CLOCK = [(weekday, time(0), time(0)) for weekday in range(7)]
QUARTER_OF_AN_HOUR = timedelta(minutes=15)
SECONDS = 120


@dataclass(slots=True)
class Invitee:
    """Somebody who wants the slot of that number through the link."""

    link: PrivateLink
    number: int
    name: str = field(default_factory=lambda: f"Invitee {uuid.uuid4()}")

    @property
    def address(self) -> str:
        return f"{self.link.get_absolute_url()}?start={self.start}"

    @property
    def start(self) -> str:
        return f"{slot_start(self.number):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def details(self) -> dict[str, str]:
        return {"name": self.name, "email": f"{self.name.split()[-1]}@example.com"}


def slot_start(number: int) -> datetime:
    """Return the start of a slot of an event type that is open round the clock."""
    first = datetime.combine(datetime.now(UTC).date() + timedelta(days=2), time(0), UTC)
    return first + number * QUARTER_OF_AN_HOUR


def make_open_event_type() -> EventType:
    """Make an event type of a host of its own, with more free slots than there can be invitees."""
    schedule = ScheduleFactory(rules=ROUND_THE_CLOCK, time_zone="UTC")
    event_type: EventType = EventTypeFactory(
        host=schedule.host, schedule=schedule, duration_minutes=15, booking_window_kind=BookingWindowKind.UNLIMITED
    )
    return event_type


def book_at_once(
    origin: str, invitees: Sequence[Invitee], *, half_way: Callable[[], object] = lambda: None
) -> list[Answer]:
    """Let everybody open the form, send it at the same moment, and return the answers in the order of the invitees.

    Something else can happen half way: when as many answers are there.
    """
    start_line = Barrier(len(invitees))

    def book(invitee: Invitee) -> Answer:
        client = FormClient(origin)
        fields = client.form(invitee.address, having="request_key").fields | invitee.details
        start_line.wait(SECONDS)
        return client.post(invitee.address, fields)

    with ThreadPoolExecutor(len(invitees)) as crowd:
        answers = [crowd.submit(book, invitee) for invitee in invitees]
        for _ in islice(as_completed(answers, SECONDS), len(answers) // 2):
            pass
        half_way()
        return [answer.result(SECONDS) for answer in answers]
