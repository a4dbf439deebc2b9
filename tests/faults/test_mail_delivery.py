"""Mail that the worker sends to a real mail server: each one arrives, also when the server refuses or is away."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from environ import Env
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.emails import MailKind, booking_mail
from bookings.models import Booking, Party
from bookings.services.booking import Invitee, book
from config.settings import mailer
from eventtypes.models import EventType
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory
from tests.faults.booking_mails import delivered, expected
from tests.faults.mail_server import mail_server
from tests.faults.worker import let_all_tries_but_one_pass, let_the_wait_pass, work
from tests.live_site import free_port

pytestmark = pytest.mark.rule("R9")


SIDES = ["you (ada@example.com)", "Iris Invitee (iris@example.com)"]


@pytest.fixture
def booking(transactional_db: None, database_clock: DatabaseClock) -> Iterator[Booking]:
    """A booking whose two mails wait to be sent."""
    empty_queue()
    database_clock.set(NOW)
    invitee = Invitee("Iris Invitee", "iris@example.com", ZoneInfo("Asia/Tokyo"))
    event_type = EventTypeFactory(host__email="ada@example.com")
    yield book(event_type=event_type, starts_at=START, invitee=invitee, request_key=uuid.uuid4())
    empty_queue()


def test_worker_delivers_a_mail_to_each_side(booking: Booking) -> None:
    with mail_server() as (email_url, mailbox):
        work(email_url)

    assert delivered(mailbox) == expected([booking])
    assert jobs() == [("succeeded", 1), ("succeeded", 1)]


def test_mail_that_is_refused_arrives_later_under_the_same_name(booking: Booking) -> None:
    with mail_server() as (email_url, mailbox):
        mailbox.answer = "451 Try again later"
        work(email_url)
        assert_waiting_for_the_next_try()

        mailbox.answer = "250 OK"
        let_the_wait_pass()
        work(email_url)

    assert delivered(mailbox) == expected([booking])
    assert sorted(mail["Message-ID"] for mail in mailbox.refused) == sorted(
        mail["Message-ID"] for mail in mailbox.accepted
    )


def test_mail_arrives_after_the_server_was_away(booking: Booking) -> None:
    port = free_port()
    work(f"smtp://127.0.0.1:{port}")
    assert_waiting_for_the_next_try()

    with mail_server(port) as (email_url, mailbox):
        let_the_wait_pass()
        work(email_url)

    assert delivered(mailbox) == expected([booking])


def test_mail_arrives_after_the_server_was_silent(booking: Booking) -> None:
    with mail_server() as (email_url, mailbox):
        mailbox.answer, mailbox.hangs = "451 Too late", True
        work(email_url, timeout=1)
        assert_waiting_for_the_next_try()

        mailbox.answer, mailbox.hangs = "250 OK", False
        let_the_wait_pass()
        work(email_url)

    assert len(mailbox.refused) == 2
    assert delivered(mailbox) == expected([booking])


def test_worker_waits_twenty_seconds_for_a_silent_server() -> None:
    assert mailer(Env.email_url_config("smtp://mail.example.com"))["OPTIONS"]["timeout"] == 20


def test_host_is_told_of_a_refusal_for_good_and_sends_the_mails_again(booking: Booking, client: Client) -> None:
    client.force_login(booking.host)
    page = f"/bookings/{booking.uid}/"

    with mail_server() as (email_url, mailbox):
        mailbox.answer = "554 5.7.1 No mail for <iris@example.com> today"
        work(email_url)
        failed = client.get(page)
        assert jobs() == [("failed", 1), ("failed", 1)]

        mailbox.answer = "250 OK"
        for mail in failed.context["undelivered"]:
            for _click in range(2):
                client.post(f"{page}mails/{mail.id}/send-again/")
        work(email_url)

    assert [mail.to for mail in failed.context["undelivered"]] == SIDES
    # Of each mail, in the notice and in the history.
    assert failed.text.count("554 5.7.1 No mail for &lt;…&gt; today") == 4
    assert len(mailbox.refused) == 2
    assert delivered(mailbox) == expected([booking])
    assert client.get(page).context["undelivered"] == []


def test_host_is_told_when_a_day_was_not_enough(booking: Booking, client: Client) -> None:
    let_all_tries_but_one_pass()
    client.force_login(booking.host)

    work(f"smtp://127.0.0.1:{free_port()}")

    told = client.get(f"/bookings/{booking.uid}/").context["undelivered"]
    assert [(mail.to, mail.reason) for mail in told] == [
        (side, "The mail server could not be reached.") for side in SIDES
    ]


def test_reminder_that_is_due_is_delivered_once(booking: Booking, database_clock: DatabaseClock) -> None:
    EventType.objects.update(reminder_minutes=[60])
    database_clock.set(START - timedelta(hours=1))
    empty_queue()

    with mail_server() as (email_url, mailbox):
        for _minute in range(2):
            app.configure_task("bookings.queue_reminders").defer(timestamp=0)
            # The first round queues the mails, the second one sends what is left of them.
            work(email_url)
            work(email_url)

    reminders = [booking_mail(booking, MailKind.REMINDER, party, 0, 60).message() for party in Party]
    assert delivered(mailbox) == sorted((mail["To"], mail["Message-ID"]) for mail in reminders)


def jobs() -> list[tuple[str, int]]:
    """Return state and number of tries of each job."""
    return list(ProcrastinateJob.objects.filter(queue_name="mail").values_list("status", "attempts"))


def assert_waiting_for_the_next_try() -> None:
    assert jobs() == [("todo", 1), ("todo", 1)]
