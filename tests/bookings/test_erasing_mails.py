"""The mails about somebody who is erased: those that wait are not sent, and those that fail leave no trace."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

import pytest
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.emails import MailKind
from bookings.models import Booking, MailFailure, MailName, Recipient
from bookings.services.cancelling import cancel_by_host
from bookings.services.erasing import erase_invitee, erase_invitee_everywhere
from bookings.tasks import _remember_failure, queue_mails, send_booking_mail, send_guest_mail
from eventtypes.models import EventType, Host
from eventtypes.sealing import unseal
from eventtypes.tasks import AccountMail, queue_account_mail
from tests.bookings.booking_forms import NOW, START
from tests.bookings.erasing_scene import IRIS, afterwards, invited, met
from tests.bookings.queued_mails import empty_queue
from tests.factories import BookingFactory, HostFactory

__all__ = ["afterwards", "invited", "met"]


# --- Mails that wait -----------------------------------------------------------------------------------------------


def test_mails_that_wait_are_not_sent(event_type: EventType, host: Host, clock: None) -> None:
    booking = BookingFactory(event_type=event_type, starts_at=START, guests=["bo@example.com"])
    cancel_by_host(booking=booking, gives_use_back=False)
    erase_invitee(email=IRIS, host=host)

    for party in ("host", "invitee"):
        send_booking_mail(booking_id=booking.pk, kind="cancelled", party=party, ics_sequence=1)
    send_guest_mail(booking_id=booking.pk, kind="cancelled", place=0, ics_sequence=1)

    assert mail.outbox == []


def test_guest_who_is_erased_gets_no_more_mail(invited: Booking, host: Host) -> None:
    empty_queue()
    erase_invitee(email=IRIS, host=host)

    queue_mails(Booking.objects.get(pk=invited.pk), MailKind.CANCELLED)

    places = ProcrastinateJob.objects.filter(task_name="bookings.send_guest_mail").values_list("args__place", flat=True)
    assert list(places) == [1]


def test_mail_about_an_account_stays(db: None) -> None:
    empty_queue()
    HostFactory(email="Iris@example.com")
    queue_account_mail(AccountMail([IRIS], "Your password", "Dear Iris", "<1@example.com>"))

    erase_invitee_everywhere(email=IRIS)

    (job,) = ProcrastinateJob.objects.filter(task_name="eventtypes.send_account_mail")
    assert unseal(job.args["sealed"])["to"] == [IRIS]


# --- Mails that fail -----------------------------------------------------------------------------------------------


def test_what_the_mail_server_answered_is_forgotten(met: Booking, host: Host) -> None:
    name = MailName(met.pk, "confirmed", Recipient.INVITEE, ics_sequence=0)
    MailFailure.objects.note(name, reason="550 Iris is unknown", now=NOW)

    erase_invitee(email=IRIS, host=host)

    assert MailFailure.objects.count() == 0


def test_only_the_guests_own_mail_failure_is_forgotten(invited: Booking, host: Host) -> None:
    for place in (0, 1):
        name = MailName(invited.pk, "confirmed", Recipient.GUEST, ics_sequence=0, guest_place=place)
        MailFailure.objects.note(name, reason="550 No", now=NOW)

    erase_invitee(email=IRIS, host=host)

    assert list(MailFailure.objects.values_list("guest_place", flat=True)) == [1]


def test_mail_that_fails_later_names_no_guest_who_was_erased(invited: Booking, host: Host) -> None:
    erase_invitee(email=IRIS, host=host)

    for place in (0, 1):
        mail = MailName(invited.pk, "confirmed", Recipient.GUEST, ics_sequence=0, guest_place=place)
        _remember_failure(mail, "550 No")

    assert list(MailFailure.objects.values_list("guest_place", flat=True)) == [1]


# --- Mails that fail at that moment --------------------------------------------------------------------------------


@pytest.fixture
def failing(transactional_db: None, met: Booking) -> Iterator[MailName]:
    """The mail to Iris that the server is about to refuse."""
    yield MailName(met.pk, "confirmed", Recipient.INVITEE, ics_sequence=0)
    empty_queue()


def while_iris_is_erased(host: Host, act: Callable[[], object]) -> None:
    """Act once Iris is erased, but not yet for others to see; that is committed when the act is over, or waits."""
    is_erased, may_commit = Event(), Event()

    def erase() -> None:
        with transaction.atomic():
            erase_invitee(email=IRIS, host=host)
            is_erased.set()
            assert may_commit.wait(15)

    with ThreadPoolExecutor(2) as others:
        erasing = others.submit(_and_close, erase)
        assert is_erased.wait(15)
        acting: Future[None] = others.submit(_and_close, act)
        wait([acting], timeout=1)
        may_commit.set()
        acting.result(15)
        erasing.result(15)


def _and_close(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


@pytest.mark.rule("S16")
def test_mail_that_fails_while_its_reader_is_erased_leaves_no_trace(failing: MailName, host: Host) -> None:
    while_iris_is_erased(host, lambda: _remember_failure(failing, "550 Iris is unknown"))

    assert MailFailure.objects.count() == 0


@pytest.mark.rule("S16")
def test_control_without_the_lock_the_failing_mail_leaves_one(failing: MailName, host: Host) -> None:
    def note_what_is_not_erased() -> None:
        if Booking.objects.not_erased().filter(pk=failing.booking_id).exists():
            MailFailure.objects.note(failing, reason="550 Iris is unknown", now=NOW)

    while_iris_is_erased(host, note_what_is_not_erased)

    assert MailFailure.objects.get().reason == "550 Iris is unknown"
