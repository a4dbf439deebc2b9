"""One form sent many times, one after the other and at the same moment: one booking, and the same page each time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection

from bookings.models import Booking
from privatelinks.models import PrivateLink
from tests.factories import PrivateLinkFactory
from tests.faults.guards import UNGUARDED, without_constraints
from tests.faults.storm import SECONDS, Invitee, make_open_event_type
from tests.form_client import Answer, FormClient
from tests.live_site import running_site
from tests.scale import scaled

TIMES = max(20, scaled(100))

type Figure = Callable[[str], None]


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link with one use."""
    link: PrivateLink = PrivateLinkFactory(event_type=make_open_event_type(), max_uses=1)
    return link


def send_at_once(origin: str, invitee: Invitee) -> list[Answer]:
    """Let one browser send its form many times at the same moment."""
    client = FormClient(origin)
    fields = client.form(invitee.address, having="request_key").fields | invitee.details
    start_line = Barrier(TIMES)

    def send(_number: int) -> Answer:
        start_line.wait(SECONDS)
        return client.post(invitee.address, fields)

    with ThreadPoolExecutor(TIMES) as clicks:
        return list(clicks.map(send, range(TIMES)))


@contextmanager
def without_the_unique_request_key() -> Iterator[None]:
    """Let two bookings have one request key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'bookings_booking'::regclass AND contype = 'u'"
            " AND pg_get_constraintdef(oid) LIKE '%(request_key)'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE bookings_booking DROP CONSTRAINT "{name}"')
        try:
            yield
        finally:
            cursor.execute("TRUNCATE bookings_booking CASCADE")
            cursor.execute(f'ALTER TABLE bookings_booking ADD CONSTRAINT "{name}" UNIQUE (request_key)')


@pytest.mark.rule("R5")
class TestOneForm:
    def test_form_books_once_however_often_it_is_sent(self, site: str, link: PrivateLink, figure: Figure) -> None:
        invitee = Invitee(link, 0)
        at_once = send_at_once(site, invitee)
        client = FormClient(site)
        # As after an answer that got lost: the page is still open, and the link has no use left.
        fields = {"request_key": str(Booking.objects.get().request_key), "start": invitee.start, "tz": "UTC"}
        fields |= client.form("/accounts/login/", having="csrfmiddlewaretoken").fields | invitee.details
        later = [client.post(invitee.address, fields) for _ in range(TIMES)]

        booking = Booking.objects.get()
        link.refresh_from_db()
        assert {(answer.status, answer.location) for answer in at_once + later} == {(302, f"/booking/{booking.uid}/")}
        assert link.usage_count == 1
        figure(f"{TIMES} times at once and {TIMES} times later: 1 booking, {2 * TIMES} times its page")

    @pytest.mark.in_full
    def test_without_its_guards_the_form_books_more_than_once(self, link: PrivateLink, figure: Figure) -> None:
        """The control: no locks, no constraints, and the request key may repeat."""
        with without_constraints(), without_the_unique_request_key(), running_site(entry=UNGUARDED) as origin:
            send_at_once(origin, Invitee(link, 0))

            number = Booking.objects.count()

        assert number > 1
        figure(f"control, without the guards: {number} bookings from one form")
