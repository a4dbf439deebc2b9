"""Mail while the server is away or the worker is killed: nobody waits, nothing is lost, and nothing comes twice."""

import random
import time
import uuid
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, MailFailure
from bookings.services.booking import Invitee as Booker
from bookings.services.booking import book
from eventtypes.models import Host
from tests.bookings.queued_mails import empty_queue
from tests.factories import PrivateLinkFactory
from tests.faults.booking_mails import delivered, expected
from tests.faults.mail_server import Mailbox, mail_server
from tests.faults.storm import Invitee, book_at_once, make_open_event_type, slot_start
from tests.faults.worker import let_the_dead_be_missed, let_the_wait_pass, running_worker, wait_until, work
from tests.form_client import Answer, FormClient
from tests.live_site import free_port, running_site
from tests.scale import scaled

BOOKINGS = scaled(200)
# As many as one address may make in a minute, and not more.
SIGN_UPS = scaled(15)
# How often the worker is killed at the worst moment, and as often at any.
KILLS = scaled(20)

type Figure = Callable[[str], None]

pytestmark = pytest.mark.rule("R9")


@pytest.fixture
def _queue(transactional_db: None) -> Iterator[None]:
    empty_queue()
    yield
    empty_queue()


def sign_up(origin: str, number: int) -> Answer:
    client = FormClient(origin)
    form = client.form("/accounts/signup/", having="password1")
    name = f"newcomer-{number}"
    return client.post(
        "/accounts/signup/",
        form.fields | {"username": name, "email": f"{name}@example.com", "password1": "a nanosecond of wire"},
    )


def every_mail_has_been_tried() -> bool:
    return not ProcrastinateJob.objects.filter(queue_name="mail", attempts=0).exists()


@pytest.mark.usefixtures("_queue")
def test_mails_of_an_outage_arrive_afterwards_each_once(figure: Figure) -> None:
    link = PrivateLinkFactory.create(event_type=make_open_event_type(), max_uses=BOOKINGS)
    port = free_port()
    away = f"smtp://127.0.0.1:{port}"

    with running_site(environment={"EMAIL_URL": away}) as origin, running_worker(away):
        began_at = time.monotonic()
        booked = book_at_once(origin, [Invitee(link, number) for number in range(BOOKINGS)])
        signed_up = [sign_up(origin, number) for number in range(SIGN_UPS)]
        seconds = time.monotonic() - began_at
        wait_until(every_mail_has_been_tried)
    with mail_server(port) as (email_url, mailbox):
        let_the_dead_be_missed()
        let_the_wait_pass()
        work(email_url)

    assert [answer.status for answer in booked] == [302] * BOOKINGS
    assert [answer.status for answer in signed_up] == [302] * SIGN_UPS
    newcomers = sorted(Host.objects.filter(username__startswith="newcomer-").values_list("email", flat=True))
    to_newcomers = [mail for mail in delivered(mailbox) if mail[0].startswith("newcomer-")]
    about_bookings = [mail for mail in delivered(mailbox) if mail not in to_newcomers]
    assert about_bookings == expected(Booking.objects.select_related("host"))
    assert [to for to, _name in to_newcomers] == newcomers
    assert len(newcomers) == SIGN_UPS
    assert not MailFailure.objects.exists()
    figure(
        f"{BOOKINGS} bookings and {SIGN_UPS} sign-ups in {seconds:.1f} s with the mail server away: "
        f"{len(delivered(mailbox))} of {2 * BOOKINGS + SIGN_UPS} mails afterwards, none twice"
    )


@pytest.mark.usefixtures("_queue")
def test_killed_worker_loses_no_mail_and_repeats_at_most_one(figure: Figure) -> None:
    bookings = make_bookings(4 * KILLS + 3)
    repeats: list[int] = []

    with mail_server() as (email_url, mailbox):
        for _round in range(KILLS):
            # The worst moment: the server has the mail, and the worker does not know.
            mailbox.hangs = True
            kill_after_a_mail(email_url, mailbox)
            mailbox.hangs = False
            repeats.append(surplus(mailbox))
            kill_after_a_mail(email_url, mailbox, seconds=random.uniform(0, 0.02))
            repeats.append(surplus(mailbox))
        work(email_url)

    assert sorted(set(delivered(mailbox))) == expected(bookings)
    # The first kill of each round repeats a mail for certain: the tests do kill in between.
    assert KILLS <= surplus(mailbox) <= 2 * KILLS
    assert all(count <= number for number, count in enumerate(repeats, start=1))
    assert not ProcrastinateJob.objects.filter(queue_name="mail").exclude(status="succeeded").exists()
    figure(
        f"{2 * KILLS} × kill -9 of the worker: {len(set(delivered(mailbox)))} of {2 * len(bookings)} mails, "
        f"{surplus(mailbox)} repeats, with the same Message-ID"
    )


def make_bookings(number: int) -> list[Booking]:
    event_type = make_open_event_type()
    return [
        book(
            event_type=event_type,
            starts_at=slot_start(each),
            invitee=Booker(f"Invitee {each}", f"invitee-{each}@example.com", ZoneInfo("Asia/Tokyo")),
            request_key=uuid.uuid4(),
        )
        for each in range(number)
    ]


def kill_after_a_mail(email_url: str, mailbox: Mailbox, seconds: float = 0) -> None:
    """Kill a worker so long after the first mail that it has sent has come to the server."""
    before = len(mailbox.accepted)
    with running_worker(email_url):
        wait_until(lambda: len(mailbox.accepted) > before)
        time.sleep(seconds)
    let_the_dead_be_missed()


def surplus(mailbox: Mailbox) -> int:
    """Return how many of the mails are repeats."""
    return len(mailbox.accepted) - len({mail["Message-ID"] for mail in mailbox.accepted})
