"""Links that the worker sends through a real mail server: each arrives once, as text and as HTML, and no log has it."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from eventtypes.tasks import MailRetry
from privatelinks.models import PrivateLink
from privatelinks.services.links import delete_links
from privatelinks.services.sending import send_link
from tests.bookings.queued_mails import empty_queue
from tests.factories import PrivateLinkFactory
from tests.faults.mail_server import mail_server
from tests.faults.worker import WORKER, let_the_wait_pass, work
from tests.live_site import PROJECT, database_url


@pytest.fixture
def link(transactional_db: None) -> Iterator[PrivateLink]:
    """A link whose mail to Iris waits to be sent."""
    empty_queue()
    link = PrivateLinkFactory.create(
        event_type__host__email="ada@example.com", expires_at=datetime(2999, 8, 31, 22, tzinfo=UTC)
    )
    send_link(link=link, recipient="Iris@müller.example", text="Hello Iris,\nsee you!", request_key=uuid.uuid4())
    yield link
    empty_queue()


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body([kind])
    assert body is not None
    return str(body.get_content())


def test_worker_delivers_the_link_as_text_and_html(link: PrivateLink) -> None:
    with mail_server() as (email_url, mailbox):
        work(email_url)

    (mail,) = mailbox.accepted
    assert (mail["To"], mail["Reply-To"]) == ("Iris@xn--mller-kva.example", "ada@example.com")
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert link.get_absolute_url() in part(mail, kind)
        assert "Hello Iris,\nsee you!" in part(mail, kind).replace("\r\n", "\n")
        assert "You can book until the end of 31 Aug 2999 (Europe/Berlin)." in part(mail, kind)


def test_link_that_is_refused_arrives_later_under_the_same_name(link: PrivateLink) -> None:
    with mail_server() as (email_url, mailbox):
        mailbox.answer = "451 Try again later"
        work(email_url)
        mailbox.answer = "250 OK"
        let_the_wait_pass()
        work(email_url)

    assert [mail["Message-ID"] for mail in mailbox.refused] == [mail["Message-ID"] for mail in mailbox.accepted]
    assert len(mailbox.accepted) == 1


def test_link_that_is_deleted_before_the_worker_comes_is_not_sent(link: PrivateLink) -> None:
    delete_links(links=[link])

    with mail_server() as (email_url, mailbox):
        work(email_url)

    assert (mailbox.accepted, mailbox.refused) == ([], [])
    assert [job.status for job in ProcrastinateJob.objects.filter(queue_name="mail")] == ["succeeded"]


def test_worker_that_gives_up_logs_nothing_of_the_mail(link: PrivateLink, capfd: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [MailRetry.max_attempts])
    with mail_server() as (email_url, mailbox):
        mailbox.answer = "554 No"
        environment = {"DATABASE_URL": database_url(), "EMAIL_URL": email_url, "LOG_LEVEL": "INFO"}
        subprocess.run([*WORKER, "--one-shot"], cwd=PROJECT, env=os.environ | environment, check=True, timeout=60)

    log = "".join(capfd.readouterr())
    assert "privatelinks.send_link_mail" in log
    assert "554" in log
    assert [word in log for word in (link.hash, "Iris", "see you")] == [False] * 3
