"""Mails that could not be delivered: kept for the host, sent again once, dismissed, and forgotten when they arrive."""

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPDataError
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.emails import MailKind
from bookings.history import HistoryEntry, history
from bookings.models import Booking, MailFailure
from bookings.services.cancelling import cancel_by_host
from bookings.services.mail_again import NotWorthSendingError, dismiss_failure, send_again
from bookings.tasks import queue_mails
from tests.bookings.booking_forms import NOW, START
from tests.bookings.failed_mails import REASON, booking, failed
from tests.bookings.queued_mails import empty_queue, queued_guest_mails, queued_mails
from tests.bookings.test_booking_constraints import refused_by
from tests.clock import DatabaseClock
from tests.due_jobs import do_due_jobs
from tests.factories import BookingFactory
from tests.faults.worker import let_all_tries_but_one_pass, let_the_wait_pass
from tests.meanwhile import meanwhile

__all__ = ["booking"]


# --- Kept and forgotten --------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(transactional_db: None, booking: Booking) -> Iterator[Booking]:
    """The meeting, for tests with a worker of this process, which commits."""
    yield booking
    empty_queue()


def words_to(address: str) -> list[str]:
    """Return the first words of the subjects that were sent to the address, in order."""
    return [sent.subject.partition(":")[0] for sent in mail.outbox if sent.to == [address]]


def states_of_mails() -> set[str]:
    return set(ProcrastinateJob.objects.filter(queue_name="mail").values_list("status", flat=True))


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send_messages(self: EmailBackend, messages: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


def test_mail_that_is_refused_for_good_is_kept_for_the_host(meeting: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_mails(meeting, MailKind.CONFIRMED)
    refuse(monkeypatch, SMTPDataError(554, b"Spam"))

    do_due_jobs()

    failures = MailFailure.objects.order_by("recipient")
    assert list(failures.values_list("kind", "recipient", "guest_place", "reason", "failed_at")) == [
        ("confirmed", "guest", 0, "554 Spam", NOW),
        ("confirmed", "host", None, "554 Spam", NOW),
        ("confirmed", "invitee", None, "554 Spam", NOW),
    ]
    assert states_of_mails() == {"failed"}


def test_mail_that_waits_for_another_try_has_not_failed(meeting: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_mails(meeting, MailKind.CONFIRMED)
    refuse(monkeypatch, ConnectionRefusedError())

    do_due_jobs()

    assert not MailFailure.objects.exists()
    assert states_of_mails() == {"todo"}


def test_mail_that_failed_for_a_day_is_kept_for_the_host(meeting: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_mails(meeting, MailKind.CONFIRMED)
    let_all_tries_but_one_pass()
    refuse(monkeypatch, ConnectionRefusedError())

    do_due_jobs()

    assert list(MailFailure.objects.values_list("reason", flat=True)) == ["The mail server could not be reached."] * 3


def test_mail_that_arrives_after_all_clears_its_failure_alone(meeting: Booking) -> None:
    first, other = failed(meeting), failed(meeting, to="host")
    send_again(booking=meeting, failure_id=first.pk)

    do_due_jobs()

    assert [sent.to for sent in mail.outbox] == [["iris@example.com"]]
    assert list(MailFailure.objects.all()) == [other]


def test_cancellation_does_not_overtake_an_invitation_that_waits_for_another_try(
    meeting: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_mails(meeting, MailKind.CONFIRMED)
    with monkeypatch.context() as away:
        refuse(away, ConnectionRefusedError())
        do_due_jobs()
    cancel_by_host(booking=meeting, gives_use_back=False)

    do_due_jobs()
    before_the_next_try = list(mail.outbox)
    let_the_wait_pass()
    # A worker does not wait for the end of what it does itself: the second mails are for the next one.
    do_due_jobs()
    do_due_jobs()

    assert before_the_next_try == []
    assert [words_to(each) for each in ("ada@example.com", "iris@example.com", "bo@example.com")] == [
        ["New booking", "Cancelled"],
        ["Confirmed", "Cancelled"],
        ["Invitation", "Cancelled"],
    ]


def test_cancellation_does_not_overtake_a_mail_that_is_sent_again(
    meeting: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    for failure in (failed(meeting), failed(meeting, to="guest", guest_place=0)):
        send_again(booking=meeting, failure_id=failure.pk)
    with monkeypatch.context() as away:
        refuse(away, ConnectionRefusedError())
        do_due_jobs()
    cancel_by_host(booking=meeting, gives_use_back=False)

    do_due_jobs()

    assert [sent.to for sent in mail.outbox] == [["ada@example.com"]]


def test_mail_that_fails_again_can_be_sent_again(meeting: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = failed(meeting, to="guest", guest_place=0)
    send_again(booking=meeting, failure_id=failure.pk)
    refuse(monkeypatch, SMTPDataError(554, b"Still no"))

    do_due_jobs()

    kept = MailFailure.objects.get()
    assert (kept.pk, kept.reason, kept.sent_again_at) == (failure.pk, "554 Still no", None)


def test_mail_sent_again_has_the_same_name(meeting: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_mails(meeting, MailKind.CONFIRMED)
    do_due_jobs()
    failure = failed(meeting)
    send_again(booking=meeting, failure_id=failure.pk)
    let_the_wait_pass()
    do_due_jobs()

    to_invitee = [sent for sent in mail.outbox if sent.to == ["iris@example.com"]]
    assert len(to_invitee) == 2
    assert len({sent.extra_headers["Message-ID"] for sent in to_invitee}) == 1


def test_failure_of_a_mail_is_kept_once(booking: Booking) -> None:
    failed(booking)
    failure = failed(booking)
    failure.pk = None

    with refused_by("mail_failure_once_for_each_mail"):
        failure.save()


@pytest.mark.parametrize("which", [{"recipient": "guest"}, {"recipient": "host", "guest_place": 0}])
def test_mail_to_a_guest_and_no_other_says_to_which(booking: Booking, which: dict[str, Any]) -> None:
    with refused_by("mail_failure_which_guest"):
        MailFailure.objects.create(
            booking=booking, kind="confirmed", ics_sequence=0, failed_at=NOW, reason=REASON, **which
        )


# --- Sending again -------------------------------------------------------------------------------------------------


def test_mail_is_sent_again_once(booking: Booking) -> None:
    failure = failed(booking)

    send_again(booking=booking, failure_id=failure.pk)
    send_again(booking=booking, failure_id=failure.pk)

    assert (queued_mails(), queued_guest_mails(booking)) == ([("confirmed", "invitee")], [])


def test_second_click_that_has_to_wait_sends_nothing(meeting: Booking) -> None:
    failure = failed(meeting)

    with meanwhile(lambda: send_again(booking=meeting, failure_id=failure.pk)):
        send_again(booking=meeting, failure_id=failure.pk)

    assert queued_mails() == [("confirmed", "invitee")]


def test_mail_to_a_guest_is_sent_again_to_that_guest(booking: Booking) -> None:
    send_again(booking=booking, failure_id=failed(booking, to="guest", guest_place=0).pk)

    assert (queued_mails(), queued_guest_mails(booking)) == ([], [("confirmed", 0)])


def test_mail_that_a_later_one_has_overtaken_is_not_sent_again(booking: Booking) -> None:
    failure = failed(booking)
    cancel_by_host(booking=booking, gives_use_back=False)
    empty_queue()

    with pytest.raises(NotWorthSendingError):
        send_again(booking=booking, failure_id=failure.pk)

    assert queued_mails() == []


def test_reminder_is_sent_again_until_the_meeting_begins(booking: Booking, database_clock: DatabaseClock) -> None:
    soon = failed(booking, MailKind.REMINDER, minutes_before=60)
    sooner = failed(booking, MailKind.REMINDER, minutes_before=10)

    database_clock.set(START - timedelta.resolution)
    send_again(booking=booking, failure_id=soon.pk)
    database_clock.set(START)
    with pytest.raises(NotWorthSendingError):
        send_again(booking=booking, failure_id=sooner.pk)

    assert [job.args["minutes_before"] for job in ProcrastinateJob.objects.all()] == [60]


def test_failure_of_another_booking_is_not_sent_again(booking: Booking) -> None:
    another = failed(BookingFactory(event_type=booking.event_type))

    with pytest.raises(NotWorthSendingError):
        send_again(booking=booking, failure_id=another.pk)


# --- Dismissing ----------------------------------------------------------------------------------------------------


def test_failure_is_dismissed_once_and_sends_nothing(booking: Booking) -> None:
    dismissed, other = failed(booking), failed(booking, to="host")

    for _click in range(2):
        dismiss_failure(booking=booking, failure_id=dismissed.pk)

    assert list(MailFailure.objects.all()) == [other]
    assert [entry.what for entry in history(booking)] == ["Undelivered mail dismissed"]
    assert queued_mails() == []


def test_mail_that_is_on_its_way_again_is_not_dismissed(booking: Booking) -> None:
    failure = failed(booking)
    send_again(booking=booking, failure_id=failure.pk)

    dismiss_failure(booking=booking, failure_id=failure.pk)

    assert MailFailure.objects.filter(pk=failure.pk).exists()


def test_failure_of_another_booking_is_not_dismissed(booking: Booking) -> None:
    another = failed(BookingFactory(event_type=booking.event_type))

    dismiss_failure(booking=booking, failure_id=another.pk)

    assert MailFailure.objects.filter(pk=another.pk).exists()


# --- The history ---------------------------------------------------------------------------------------------------


def test_history_tells_what_became_of_a_mail(meeting: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_mails(meeting, MailKind.CONFIRMED)
    refuse(monkeypatch, SMTPDataError(554, b"Spam from <iris@example.com>"))
    do_due_jobs()
    to_invitee, to_guest = MailFailure.objects.filter(recipient__in=["invitee", "guest"]).order_by("-recipient")

    send_again(booking=meeting, failure_id=to_invitee.pk)
    send_again(booking=meeting, failure_id=to_invitee.pk)
    dismiss_failure(booking=meeting, failure_id=to_guest.pk)

    entries = history(meeting)
    when = "Tuesday 1 December 2026, 09:00"
    iris, reason = "Confirmation, to Iris Invitee (iris@example.com)", "554 Spam from <…>"
    assert HistoryEntry("Mail not delivered", when, details=iris, reason=reason) in entries
    assert [entry.what for entry in entries] == [
        *["Mail not delivered"] * 3,
        "Mail sent again",
        "Undelivered mail dismissed",
    ]
    assert entries[3:] == [
        HistoryEntry("Mail sent again", f"{when}, by you", details=iris),
        HistoryEntry("Undelivered mail dismissed", f"{when}, by you", details="Confirmation, to bo@example.com"),
    ]
    details = str(list(meeting.events.values_list("details", flat=True)))
    assert "@" not in details
