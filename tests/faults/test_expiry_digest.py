"""The mail about links that expire soon: one, by two workers at once, after restarts, and from a real worker."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from eventtypes.models import Host
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from privatelinks.periodic import tell_hosts_of_expiry
from privatelinks.services import expiry_digest
from privatelinks.services.expiry_digest import hosts_to_tell, tell_of_expiry
from privatelinks.services.links import pause_link
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import HostFactory
from tests.faults.mail_server import mail_server
from tests.faults.worker import let_the_wait_pass, work
from tests.meanwhile import meanwhile
from tests.privatelinks.expiring_links import NOW, expiring, queued_digests

# As many as there are connections for, beside the one of the test.
RUNS = 6
HOSTS = 4


@pytest.fixture(autouse=True)
def _morning(transactional_db: None, database_clock: DatabaseClock) -> Iterator[None]:
    empty_queue()
    database_clock.set(NOW)
    yield
    empty_queue()


@pytest.fixture
def host() -> Host:
    """A host of two links that expire soon."""
    host: Host = HostFactory.create(email="ada@example.com")
    expiring(host, name="Beta")
    expiring(host, name="Gamma")
    return host


# --- At once -------------------------------------------------------------------------------------------------------


def test_runs_at_once_tell_each_host_once() -> None:
    for _number in range(HOSTS):
        expiring(HostFactory.create())

    run_at_once()

    assert sorted(job["host_id"] for job in queued_digests()) == sorted(Host.objects.values_list("pk", flat=True))


def test_who_comes_second_finds_nothing_to_do(host: Host) -> None:
    with meanwhile(lambda: tell_of_expiry(host=host)):
        second = tell_of_expiry(host=host)

    assert (second, len(queued_digests())) == (0, 1)


def test_without_the_locks_both_tell(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same two, and none waits before it reads."""

    def lock_nobody(host_id: int) -> None:
        """Leave the host's row to everybody."""

    monkeypatch.setattr(expiry_digest, "lock_host", lock_nobody)
    monkeypatch.setattr(expiry_digest, "lock_links", list)

    with meanwhile(lambda: tell_of_expiry(host=host)):
        second = tell_of_expiry(host=host)

    assert (second, len(queued_digests())) == (2, 2)


def test_link_that_is_paused_while_the_telling_waits_is_left_alone(host: Host) -> None:
    paused, other = PrivateLink.objects.order_by("pk")

    with meanwhile(lambda: pause_link(link=paused)):
        tell_of_expiry(host=host)

    assert [job["link_ids"] for job in queued_digests()] == [[other.pk]]


def test_host_who_is_deleted_while_the_job_waits_stops_nobody_else(host: Host) -> None:
    other = HostFactory.create()
    expiring(other)

    with meanwhile(host.delete):
        tell_hosts_of_expiry(timestamp=0)

    assert [job["host_id"] for job in queued_digests()] == [other.pk]


def test_host_whose_lock_is_held_too_long_is_told_by_the_next_run(
    host: Host, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The wait for the lock, ten seconds, is cut short: it is the server that ends it, as always."""
    other: Host = HostFactory.create()
    expiring(other)

    def lock_impatiently(host_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        Host.objects.select_for_update(no_key=True).values_list("pk").get(pk=host_id)

    with monkeypatch.context() as patched, held_by_somebody(host):
        patched.setattr(expiry_digest, "lock_host", lock_impatiently)
        tell_hosts_of_expiry(timestamp=0)
    told_first = [job["host_id"] for job in queued_digests()]
    tell_hosts_of_expiry(timestamp=900)

    assert (told_first, [job["host_id"] for job in queued_digests()]) == ([other.pk], [other.pk, host.pk])
    assert f"Host {host.pk} is not told yet" in caplog.text


# --- By a real worker ----------------------------------------------------------------------------------------------


def test_worker_tells_by_the_clock_and_delivers_one_mail(host: Host) -> None:
    with mail_server() as (email_url, mailbox):
        for timestamp in (0, 900):
            app.configure_task(tell_hosts_of_expiry.name).defer(timestamp=timestamp)
            work(email_url)

    [mail] = mailbox.accepted
    contents = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    hashes = PrivateLink.objects.values_list("hash", flat=True)
    assert statuses() == ["succeeded"]
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "2 private links expire soon")
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert ["Beta" in content and "Gamma" in content for content in contents] == [True, True]
    assert [content for content in contents if any(each in content for each in hashes)] == []


def test_mail_that_is_refused_arrives_later_under_the_same_name(host: Host) -> None:
    tell_of_expiry(host=host)

    with mail_server() as (email_url, mailbox):
        mailbox.answer = "451 Try again later"
        work(email_url)
        waiting = statuses()
        mailbox.answer = "250 OK"
        let_the_wait_pass()
        work(email_url)

    assert (waiting, statuses()) == (["todo"], ["succeeded"])
    assert [mail["Message-ID"] for mail in mailbox.accepted] == [mail["Message-ID"] for mail in mailbox.refused]


def run_at_once() -> None:
    """Let several runs of the job begin at the same moment, as workers would that know nothing of each other."""
    start_line = Barrier(RUNS)

    def run(_number: int) -> None:
        try:
            found = hosts_to_tell(NOW)
            start_line.wait(timeout=15)
            for host in found:
                tell_of_expiry(host=host)
        finally:
            connection.close()

    with ThreadPoolExecutor(RUNS) as workers:
        list(workers.map(run, range(RUNS)))


@contextmanager
def held_by_somebody(host: Host) -> Iterator[None]:
    """Hold the host's lock from another connection."""
    is_held, may_end = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                lock_host(host.pk)
                is_held.set()
                may_end.wait(timeout=15)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as somebody:
        holding = somebody.submit(hold)
        assert is_held.wait(timeout=15)
        try:
            yield
        finally:
            may_end.set()
        holding.result(timeout=15)


def statuses() -> list[str]:
    """Return what has become of each mail."""
    return list(ProcrastinateJob.objects.filter(queue_name="mail").values_list("status", flat=True))
