"""The mails about bookings as jobs: queued in the booking's own transaction, sent by the worker."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict
from procrastinate.worker import Worker

from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, BookingEvent, BookingEventKind, MailFailure, MailName, Party, Recipient
from eventtypes.clock import database_now
from eventtypes.mail_refusals import why_not_sent
from eventtypes.tasks import MAIL_QUEUE, MailRetry


def queue_mails(booking: Booking, kind: MailKind) -> None:
    """Queue a mail of the kind to each side, and to each guest one that says what becomes of the invitation.

    They are sent if, and only if, the transaction commits, and to each of them in the order of the changes.
    """
    mail: JSONDict = {"booking_id": booking.pk, "kind": kind.value, "ics_sequence": booking.ics_sequence}
    for party in Party:
        lock = _place_in_line(booking.pk, party)
        send_booking_mail.configure(lock=lock).defer(**mail, party=party.value)
    for place in [place for place, guest in enumerate(booking.guests) if guest]:
        lock = _place_in_line(booking.pk, Recipient.GUEST, place)
        send_guest_mail.configure(lock=lock).defer(**mail, place=place)


def queue_reminders(reminders: Iterable[tuple[int, int, int]]) -> None:
    """Queue a reminder to each side of each booking (one query).

    Of each booking: its id, its ICS sequence, and how many minutes before the start the reminder is due.
    """
    jobs: list[JSONDict] = [
        {
            "booking_id": booking_id,
            "kind": MailKind.REMINDER.value,
            "party": party.value,
            "ics_sequence": ics_sequence,
            "minutes_before": minutes_before,
        }
        for booking_id, ics_sequence, minutes_before in reminders
        for party in Party
    ]
    send_booking_mail.batch_defer(*jobs)


def queue_mail_again(failure: MailFailure) -> None:
    """Queue the mail that could not be delivered, under the Message-ID that it had."""
    mail: JSONDict = {
        "booking_id": failure.booking_id,
        "kind": failure.kind,
        "ics_sequence": failure.ics_sequence,
    }
    lock = _place_in_line(failure.booking_id, failure.recipient, failure.guest_place)
    if failure.recipient == Recipient.GUEST:
        send_guest_mail.configure(lock=lock).defer(**mail, place=failure.guest_place)
    else:
        to_side: JSONDict = {"party": failure.recipient, "minutes_before": failure.minutes_before}
        send_booking_mail.configure(lock=lock).defer(**mail, **to_side)


def _place_in_line(booking_id: int, recipient: str, guest_place: int | None = None) -> str:
    """Return the lock of the mails to one recipient: each waits until the one before it is sent or given up.

    Else a cancellation would overtake an invitation that waits for its next try, and calendars, which did not know the
    meeting yet, would have it in the end.
    """
    which = "" if guest_place is None else f" {guest_place}"
    return f"mail about booking {booking_id} to {recipient}{which}"


def tell_of_failure(send: Callable[[], object], context: JobContext, worker: Worker) -> None:
    """Do the job of a mail, and keep for the host whether it has failed for good.

    That it has is known before the job is given up, so a worker that is killed in between does the job again.
    """
    mail = _mail_of_job(context.job.task_kwargs)
    try:
        send()
    except Exception as error:
        if context.task.get_retry_exception(exception=error, job=context.job) is None:
            _remember_failure(mail, why_not_sent(error))
        raise
    MailFailure.objects.of(mail).delete()


@transaction.atomic
def _remember_failure(mail: MailName, reason: str) -> None:
    """Keep for the host that the mail has failed, until it arrives, and for the history that it did.

    Only if the booking still knows whom it was for: the server's answer may name them. Under the booking's lock, so
    that whoever is erasing the booking meanwhile has either erased this too, or is done.
    """
    locked = Booking.objects.select_for_update(no_key=True).not_erased()
    booking = locked.filter(pk=mail.booking_id).first()
    if booking is None or (mail.guest_place is not None and not any(booking.guests[mail.guest_place :][:1])):
        return
    now = database_now()
    MailFailure.objects.note(mail, reason=reason, now=now)
    details = mail.details | {"reason": reason}
    BookingEvent.objects.create(booking=booking, happened_at=now, kind=BookingEventKind.MAIL_FAILED, details=details)


def _mail_of_job(arguments: Mapping[str, Any]) -> MailName:
    """Return which mail the arguments of one of the tasks below stand for."""
    return MailName(
        booking_id=arguments["booking_id"],
        kind=arguments["kind"],
        recipient=Recipient(arguments.get("party", Recipient.GUEST)),
        ics_sequence=arguments["ics_sequence"],
        guest_place=arguments.get("place"),
        minutes_before=arguments.get("minutes_before"),
    )


@app.task(name="bookings.send_booking_mail", queue=MAIL_QUEUE, retry=MailRetry(), task_middleware=[tell_of_failure])
def send_booking_mail(
    *, booking_id: int, kind: str, party: str, ics_sequence: int, minutes_before: int | None = None
) -> None:
    """Send one mail about a booking to one side; sent again, it has the same Message-ID.

    A reminder that comes too late, because the meeting has begun, was moved or is cancelled, is not sent. Nor is
    anything about a booking that is erased: nobody is left to whom it says something.
    """
    booking = Booking.objects.select_related("host", "private_link__event_type").get(pk=booking_id)
    if booking.is_erased:
        return
    if minutes_before is not None and not booking.takes_place_as_announced(ics_sequence, database_now()):
        return
    booking_mail(booking, MailKind(kind), Party(party), ics_sequence, minutes_before).send()


@app.task(name="bookings.send_guest_mail", queue=MAIL_QUEUE, retry=MailRetry(), task_middleware=[tell_of_failure])
def send_guest_mail(*, booking_id: int, kind: str, place: int, ics_sequence: int) -> None:
    """Send one mail to the guest at that place of the booking's, if it changes anything in a guest's calendar.

    Sent again, it has the same Message-ID. The job does not hold the address: whoever erases it from the booking has
    erased it.
    """
    booking = Booking.objects.select_related("host").get(pk=booking_id)
    for guest in filter(None, booking.guests[place : place + 1]):
        mail = guest_mail(booking, MailKind(kind), guest, ics_sequence)
        if mail is not None:
            mail.send()
